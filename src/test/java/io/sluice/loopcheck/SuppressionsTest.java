package io.sluice.loopcheck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Comments that suppress one finding each. */
class SuppressionsTest {

    @Test
    void aCommentOnTheLineSuppressesIt() {
        Checked checked = Checked.script(
                "a.sh", "while true; do # sluice:allow H11 a daemon, ended by its supervisor", "  x", "done");
        checked.passes();
        assertThat(checked.report().suppressed()).isEqualTo(1);
    }

    @Test
    void aCommentOnALineBeforeSuppressesIt() {
        Checked.script(
                        "a.sh",
                        "# sluice:allow H11 a daemon",
                        "# that runs as long as the machine",
                        "while true; do x; done")
                .passes();
        Checked.script("a.py", "# sluice:allow H11 a daemon", "while True: x()").passes();
        Checked.script("a.ps1", "<# sluice:allow H11 a daemon #>", "while ($true) { x }")
                .passes();
        Checked.script("a.cmd", ":: sluice:allow H11 a daemon", ":loop", "goto loop")
                .passes();
    }

    @Test
    void itSuppressesOneFindingAndTheWorstFirst() {
        assertThat(Checked.script("a.sh", "# sluice:allow H11 known", "until curl http://x; do sleep 1; done")
                        .found())
                .containsExactly("2 wait-without-timeout");
        assertThat(Checked.script(
                                "a.sh", "# sluice:allow H11 known", "while true; do x; done", "while true; do y; done")
                        .found())
                .containsExactly("3 unbounded-loop");
    }

    @Test
    void withoutAReasonItDoesNotCountAndIsReported() {
        assertThat(Checked.script("a.sh", "# sluice:allow H11", "while true; do x; done")
                        .found())
                .containsExactly("1 suppression-without-reason", "2 unbounded-loop");
    }

    @Test
    void anotherRuleIsNotMeant() {
        Checked.script("a.sh", "# sluice:allow H12 whatever", "while true; do x; done")
                .hasUnboundedLoopAt(2);
    }

    @Test
    void aStringIsNoComment() {
        Checked.script("a.sh", "echo '# sluice:allow H11 no'", "while true; do x; done")
                .hasUnboundedLoopAt(2);
    }
}
