package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true. */
class ReadmeTest {

    private static final String IMPORTS =
            "import io.sluice.breaker.*; import io.sluice.budget.*; import io.sluice.deadline.*; import io.sluice.llm.*;"
                    + " import io.sluice.llm.openai.*; import io.sluice.model.*; import io.sluice.ratelimit.*;"
                    + " import io.sluice.retry.*; import io.sluice.simulator.*; import io.sluice.tokens.*;"
                    + " import io.sluice.transport.*; import java.time.*; import reactor.core.publisher.*;"
                    + " import reactor.test.scheduler.*;";

    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyExampleCompiles(@TempDir Path classes) throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher found = JAVA.matcher(Files.readString(Path.of("README.md")));
        while (found.find()) {
            examples.add(found.group(1));
        }

        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            assertThat(errors(example, classes)).isEmpty();
        }
    }

    @Test
    void theExampleFileHasAFewHundredPrompts() throws IOException {
        assertThat(Files.readAllLines(Path.of("examples/prompts.jsonl"))).hasSize(300);
    }

    private static List<String> errors(String statements, Path classes) {
        String source =
                IMPORTS + "\nclass Example {\n    Object run() {\n" + statements + "        return answer;\n    }\n}\n";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString(), "-proc:none");
        boolean done =
                compiler.getTask(null, null, told, options, null, List.of(file)).call();
        List<String> errors = new ArrayList<>();
        told.getDiagnostics().forEach(one -> errors.add(one.toString()));
        return done ? List.of() : errors;
    }
}
