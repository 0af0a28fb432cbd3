package io.sluice.failure;

import io.sluice.FailureClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One block of {@code cases.txt}; its format is told there. */
final class FailureCase {

    final String title;
    int status;
    final Map<String, List<String>> headers = new LinkedHashMap<>();

    @Nullable
    String body;

    @Nullable
    String loose;

    @Nullable
    String text;

    private String[] expected = {};

    private FailureCase(String title) {
        this.title = title;
    }

    static List<FailureCase> all() {
        List<FailureCase> cases = new ArrayList<>();
        try (InputStream resource =
                Objects.requireNonNull(FailureCase.class.getResourceAsStream("cases.txt"), "cases.txt")) {
            new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        if (line.startsWith("[")) {
                            cases.add(new FailureCase(line.substring(1, line.length() - 1)));
                        } else {
                            cases.get(cases.size() - 1).line(line);
                        }
                    });
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return cases;
    }

    FailureClass expectedClass() {
        return FailureClass.valueOf(expected[0]);
    }

    /** In seconds, or "-", or ">". */
    String expectedHint() {
        return expected.length > 1 ? expected[1] : "-";
    }

    int expectedStatus() {
        return expected.length > 2 ? Integer.parseInt(expected[2]) : status;
    }

    private void line(String line) {
        int colon = line.indexOf(':');
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon)) {
            case "status" -> status = Integer.parseInt(value);
            case "header" -> {
                int end = value.indexOf(':');
                headers.computeIfAbsent(value.substring(0, end), name -> new ArrayList<>())
                        .add(value.substring(end + 1).strip());
            }
            case "body" -> body = value;
            case "loose" -> loose = value;
            case "text" -> text = value;
            case "expect" -> expected = value.split(" +");
            default -> throw new IllegalStateException(title + ": no such line: " + line);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
