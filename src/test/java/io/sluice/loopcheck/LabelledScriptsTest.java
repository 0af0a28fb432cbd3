package io.sluice.loopcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The scripts of {@code labels.md}, each decided as the table says. */
class LabelledScriptsTest {

    private static final Path FOLDER = folder();

    private static Path folder() {
        URL table = Objects.requireNonNull(LabelledScriptsTest.class.getResource("labelled/labels.md"));
        try {
            return Path.of(table.toURI()).getParent();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Script to what is expected, as {@code line kind} in the order of the lines. */
    private static Map<String, List<String>> labels() throws IOException {
        Map<String, List<String>> labels = new TreeMap<>();
        for (String row : Files.readAllLines(FOLDER.resolve("labels.md"))) {
            String[] cells = row.split(" \\| ", -1);
            if (cells.length == 3 && cells[0].contains("/")) {
                String expected = cells[1].strip();
                labels.put(
                        cells[0].substring(2).strip(),
                        expected.equals("none") ? List.of() : List.of(expected.split(", ")));
            }
        }
        return labels;
    }

    @TestFactory
    Stream<DynamicTest> everyScriptIsDecidedAsItsLabelSays() throws IOException {
        return labels().entrySet().stream()
                .map(label -> dynamicTest(label.getKey(), () -> {
                    Report report = LoopCheck.in(FOLDER.resolve(label.getKey()));
                    assertThat(report.skipped()).isEmpty();
                    assertThat(report.files()).isEqualTo(1);
                    assertThat(new Checked(report).found()).containsExactlyInAnyOrderElementsOf(label.getValue());
                }));
    }

    @Test
    void everyScriptHasALabelAndThereAreAtLeastTwoHundred() throws IOException {
        List<String> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(FOLDER, 2)) {
            files.filter(file -> Files.isRegularFile(file) && !file.endsWith("labels.md"))
                    .forEach(file ->
                            scripts.add(FOLDER.relativize(file).toString().replace('\\', '/')));
        }
        assertThat(labels().keySet())
                .containsExactlyInAnyOrderElementsOf(scripts)
                .hasSizeGreaterThan(200);
    }
}
