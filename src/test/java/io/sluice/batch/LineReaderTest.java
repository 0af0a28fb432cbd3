package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {

    private static List<String> read(byte[] input, int maxLine, int atOnce) throws IOException {
        InputStream slow = new ByteArrayInputStream(input) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, atOnce));
            }
        };
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(slow, maxLine)) {
            for (BatchLine line = reader.next(); line != null; line = reader.next()) {
                byte[] bytes = line.bytes();
                lines.add(line.number() + ":" + line.length() + ":"
                        + (bytes == null ? "too long" : new String(bytes, UTF_8)));
            }
        }
        return lines;
    }

    private static List<String> read(String input) throws IOException {
        return read(input.getBytes(UTF_8), 100, 1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "nothing",
            value = {
                "a;b;      | 1:2:a,2:2:b",
                "a;b       | 1:2:a,2:1:b",
                "a.;b.;    | 1:3:a,2:3:b",
                "a;;.;b    | 1:2:a,4:1:b",
                "a.b;      | 1:4:a.b",
                ";         | ''",
                "''        | ''",
            })
    void linesEndWithLfOrCrlfAndBlankOnesAreOnlyCounted(String input, String expected) throws IOException {
        String text = input.strip().replace(';', '\n').replace('.', '\r');

        assertThat(String.join(",", read(text))).isEqualTo(expected.replace('.', '\r'));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
        assertThat(read("\uFEFF{}\n\uFEFF{}\n")).containsExactly("1:6:{}", "2:6:\uFEFF{}");
    }

    @Test
    void ofALineThatIsTooLongOnlyTheLengthIsKept() throws IOException {
        String hundred = "x".repeat(100);

        assertThat(read(hundred + "\n" + hundred + "y\nz"))
                .containsExactly("1:101:" + hundred, "2:102:too long", "3:1:z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\uFEFF"})
    void aLineThatIsTooLongHasTheNameThatItWouldHaveElse(String mark) throws IOException {
        String text = "x".repeat(70) + "\r" + "y".repeat(70);
        byte[] input = (mark + text + "\r\n").getBytes(UTF_8);
        String name;
        try (LineReader whole = new LineReader(new ByteArrayInputStream((text + "\n").getBytes(UTF_8)))) {
            name = whole.next().nameOfContent();
        }
        for (int atOnce = 1; atOnce <= input.length; atOnce++) {
            int most = atOnce;
            InputStream slow = new ByteArrayInputStream(input) {
                @Override
                public synchronized int read(byte[] into, int offset, int length) {
                    return super.read(into, offset, Math.min(length, most));
                }
            };
            try (LineReader cut = new LineReader(slow, 100)) {
                BatchLine line = cut.next();
                assertThat(line.bytes()).isNull();
                assertThat(line.nameOfContent()).isEqualTo(name);
            }
        }
    }

    @Test
    void aHugeLineDoesNotFillTheMemory() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 6L << 30;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int n = (int) Math.min(left, length);
                left -= n;
                return n == 0 ? -1 : n;
            }
        };
        try (LineReader reader = new LineReader(endless)) {
            BatchLine line = reader.next();

            assertThat(line).isNotNull();
            assertThat(line.bytes()).isNull();
            assertThat(line.length()).isEqualTo(6L << 30);
        }
    }

    @Test
    void itDoesNotMatterHowTheBytesArrive() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] input = new byte[random.nextInt(400)];
            for (int i = 0; i < input.length; i++) {
                input[i] = (byte) "ab\r\n\n ".charAt(random.nextInt(6));
            }

            assertThat(read(input, 20, 1 + random.nextInt(30))).isEqualTo(read(input, 20, 1 << 20));
        }
    }
}
