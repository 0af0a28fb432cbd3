package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example runs, and its page shows what it prints. */
@Timeout(60)
class SharedBudgetExampleTest {

    private static final Path EXAMPLE = Path.of("examples/shared-budget");

    @Test
    void threeAgentsShareABudgetAndARunawayIsStopped(@TempDir Path classes) throws Exception {
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        EXAMPLE.resolve("SharedBudget.java").toString());
        assertThat(compiled).isZero();
        List<String> printed = new ArrayList<>();
        Consumer<String> out = printed::add;
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("SharedBudget").getMethod("run", Consumer.class).invoke(null, out);
        }
        String page = Files.readString(EXAMPLE.resolve("README.md"));
        String shown = page.substring(page.indexOf("```\nplanner") + 4, page.lastIndexOf("\n```"));
        assertThat(printed).containsExactlyElementsOf(Arrays.asList(shown.split("\n")));
    }
}
