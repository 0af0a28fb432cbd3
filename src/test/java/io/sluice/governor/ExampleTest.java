package io.sluice.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example runs, and its page shows what it prints. */
@Timeout(60)
class ExampleTest {

    private static final Path EXAMPLE = Path.of("examples/governed-agent");

    /** What differs from run to run. */
    private static final Pattern TIME = Pattern.compile("(?m)^ *\\d+\\.\\d s");

    @Test
    void itPrintsTheTimelineThatItsPageShows(@TempDir Path classes) throws Exception {
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
                        EXAMPLE.resolve("GovernedAgent.java").toString());
        assertThat(compiled).isZero();

        List<String> printed = new ArrayList<>();
        Consumer<String> out = printed::add;
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("GovernedAgent").getMethod("run", Consumer.class).invoke(null, out);
        }

        assertThat(printed.stream().map(ExampleTest::withoutTime)).containsExactlyElementsOf(shown());
    }

    private static List<String> shown() throws Exception {
        String page = Files.readString(EXAMPLE.resolve("README.md"));
        String block = page.substring(page.indexOf("```\n  time") + 4, page.lastIndexOf("```"));
        return Arrays.stream(block.split("\n")).map(ExampleTest::withoutTime).toList();
    }

    private static String withoutTime(String line) {
        return TIME.matcher(line).replaceFirst("").strip();
    }
}
