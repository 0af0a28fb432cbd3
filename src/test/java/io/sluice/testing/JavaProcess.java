package io.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program in a Java process of its own, on the class path of the tests. */
public final class JavaProcess {

    /** How a program ended. */
    public record Ended(int code, String out, String err) {}

    private final Process process;
    private final Path out;
    private final Path err;

    private JavaProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    public static JavaProcess start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), Map.of(), main, arguments);
    }

    /**
     * @param prefix a command that runs the rest of its arguments as a command
     * @param environment variables to set
     */
    public static JavaProcess start(
            List<String> prefix, Map<String, String> environment, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Without it the JVM writes a file of its own, which a limit on the size of files would hit first.
        command.add("-XX:-UsePerfData");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("child", ".out");
        Path err = Files.createTempFile("child", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start(), out, err);
    }

    public long pid() {
        return process.pid();
    }

    /** Asks it to end, as the end of a session does. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the end for so long; whether it has come. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends it at once, whatever it is at: {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end, for a minute at most. */
    public Ended end() throws IOException, InterruptedException {
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("still running: " + Files.readString(err));
            }
            return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
