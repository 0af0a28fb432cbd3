package io.sluice.integration.archunit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The code of one class file, as far as it is needed to tell which calls are within loops: those between a jump back and
 * the place that it leads to. The form is that of the Java Virtual Machine Specification, Java SE 25, chapters 4 and 6.
 */
final class ClassCode {

    /** A call; the line is 0 where the class does not tell. */
    record Call(String method, int line) {}

    /** How many bytes follow each instruction; -1 for those whose length varies. */
    private static final String LENGTHS =
            "0".repeat(16) + "12122" + "1".repeat(5) + "0".repeat(28) + "1".repeat(5) + "0".repeat(73)
                    + "2" + "0".repeat(20) + "2".repeat(16) + "1--" + "0".repeat(6) + "2".repeat(7) + "44" + "2" + "12"
                    + "00" + "22" + "00"
                    + "-" + "3" + "22" + "44";

    private final Object[] pool;
    private final int[] first;
    private final int[] second;

    private ClassCode(int size) {
        this.pool = new Object[size];
        this.first = new int[size];
        this.second = new int[size];
    }

    /**
     * @param wanted the class, with slashes, and the name of what is called
     */
    static List<Call> callsInLoops(InputStream in, BiPredicate<String, String> wanted) throws IOException {
        DataInputStream data = new DataInputStream(in);
        if (data.readInt() != 0xCAFEBABE) {
            throw new IOException("not a class file");
        }
        data.readInt();
        ClassCode code = new ClassCode(data.readUnsignedShort());
        code.readPool(data);
        data.readNBytes(6);
        data.readNBytes(2 * data.readUnsignedShort());
        List<Call> calls = new ArrayList<>();
        // Fields, then methods.
        for (int part = 0; part < 2; part++) {
            for (int left = data.readUnsignedShort(); left > 0; left--) {
                data.readUnsignedShort();
                String name = code.text(data.readUnsignedShort());
                data.readUnsignedShort();
                for (int attributes = data.readUnsignedShort(); attributes > 0; attributes--) {
                    String attribute = code.text(data.readUnsignedShort());
                    byte[] content = data.readNBytes(data.readInt());
                    if (attribute.equals("Code")) {
                        code.calls(ByteBuffer.wrap(content), name, wanted, calls);
                    }
                }
            }
        }
        return calls;
    }

    private void readPool(DataInputStream data) throws IOException {
        for (int i = 1; i < pool.length; i++) {
            int tag = data.readUnsignedByte();
            switch (tag) {
                case 1 -> pool[i] = data.readUTF();
                case 3, 4 -> data.readInt();
                case 5, 6 -> {
                    data.readLong();
                    i++;
                }
                case 7, 8, 16, 19, 20 -> first[i] = data.readUnsignedShort();
                case 9, 10, 11, 12, 17, 18 -> {
                    first[i] = data.readUnsignedShort();
                    second[i] = data.readUnsignedShort();
                }
                case 15 -> data.readNBytes(3);
                default -> throw new IOException("unknown constant " + tag);
            }
        }
    }

    private String text(int index) {
        return String.valueOf(pool[index]);
    }

    private void calls(ByteBuffer code, String method, BiPredicate<String, String> wanted, List<Call> found) {
        code.position(4);
        int length = code.getInt();
        int start = code.position();
        List<Integer> calls = new ArrayList<>();
        List<int[]> loops = new ArrayList<>();
        int at = 0;
        while (at < length) {
            int op = code.get(start + at) & 0xFF;
            if (op == 0xB6 || op == 0xB8 || op == 0xB9) {
                int reference = code.getShort(start + at + 1) & 0xFFFF;
                if (wanted.test(text(first[first[reference]]), text(first[second[reference]]))) {
                    calls.add(at);
                }
            }
            int jump = jump(code, start + at, op);
            if (jump < 0) {
                loops.add(new int[] {at + jump, at});
            }
            at += length(code, start, at, op);
        }
        NavigableMap<Integer, Integer> lines = lines(code, start + length);
        for (int call : calls) {
            if (loops.stream().anyMatch(loop -> loop[0] <= call && call <= loop[1])) {
                var line = lines.floorEntry(call);
                found.add(new Call(method, line == null ? 0 : line.getValue()));
            }
        }
    }

    /** How far an instruction jumps; not less than 0 if it does not jump back. */
    private static int jump(ByteBuffer code, int at, int op) {
        boolean near = (op >= 0x99 && op <= 0xA7) || op == 0xC6 || op == 0xC7;
        return near ? code.getShort(at + 1) : op == 0xC8 ? code.getInt(at + 1) : 0;
    }

    private static int length(ByteBuffer code, int start, int at, int op) {
        int padded = start + ((at + 4) & ~3);
        return switch (op) {
            case 0xAA -> padded - start - at + 12 + 4 * (code.getInt(padded + 8) - code.getInt(padded + 4) + 1);
            case 0xAB -> padded - start - at + 8 + 8 * code.getInt(padded + 4);
            case 0xC4 -> (code.get(start + at + 1) & 0xFF) == 0x84 ? 6 : 4;
            default -> 1 + LENGTHS.charAt(op) - '0';
        };
    }

    private NavigableMap<Integer, Integer> lines(ByteBuffer code, int end) {
        NavigableMap<Integer, Integer> lines = new TreeMap<>();
        code.position(end);
        code.position(code.position() + 2 + 8 * (code.getShort(end) & 0xFFFF));
        for (int attributes = code.getShort() & 0xFFFF; attributes > 0; attributes--) {
            String name = text(code.getShort() & 0xFFFF);
            int next = code.getInt() + code.position();
            if (name.equals("LineNumberTable")) {
                for (int rows = code.getShort() & 0xFFFF; rows > 0; rows--) {
                    lines.put(code.getShort() & 0xFFFF, code.getShort() & 0xFFFF);
                }
            }
            code.position(next);
        }
        return lines;
    }
}
