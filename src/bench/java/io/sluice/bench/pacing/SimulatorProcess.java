package io.sluice.bench.pacing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The provider's process, from the side of the client. */
final class SimulatorProcess implements AutoCloseable {

    /**
     * What it has seen.
     *
     * @param served the admitted requests in order
     */
    record Seen(long admitted, long refused, long failed, List<Served> served) {}

    /**
     * @param millis when, since the process began
     * @param name the request's own name
     */
    record Served(long millis, String name) {}

    private final Process process;
    private final BufferedReader out;
    private final String baseUrl;

    SimulatorProcess(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                SimulatorMain.class.getName()));
        command.addAll(List.of(arguments));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader();
            baseUrl = line();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    String baseUrl() {
        return baseUrl;
    }

    Seen seen() {
        try {
            process.outputWriter().write("report\n");
            process.outputWriter().flush();
            String[] numbers = line().split(" ");
            List<Served> served = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                String[] parts = line.split(" ");
                served.add(new Served(Long.parseLong(parts[0]), parts[1]));
            }
            return new Seen(
                    Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), served);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the simulator's process has ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
