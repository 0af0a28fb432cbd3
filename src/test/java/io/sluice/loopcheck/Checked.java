package io.sluice.loopcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One script, and what was found in it as {@code line kind}. */
record Checked(Report report) {

    static Checked script(String name, String... lines) {
        return new Checked(LoopCheck.script(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    List<String> found() {
        return report.findings().stream()
                .map(one -> one.line() + " " + one.kind().id())
                .toList();
    }

    void passes() {
        assertThat(report.skipped()).isEmpty();
        assertThat(report.files()).isEqualTo(1);
        assertThat(found()).isEmpty();
    }

    void hasUnboundedLoopAt(int... lines) {
        assertThat(report.skipped()).isEmpty();
        assertThat(report.findings().stream()
                        .filter(one -> one.severity() == Severity.ERROR)
                        .mapToInt(Finding::line))
                .containsExactly(java.util.Arrays.stream(lines).boxed().toArray(Integer[]::new));
    }
}
