package io.sluice.llm.claudecode;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A program in the place of {@code claude}, of the JDK alone: a process of its own. What it does is said by the first word of
 * what it reads; what it was started with stands in its answer.
 */
public final class FakeClaude {

    private static final String USAGE = "\"usage\":{\"input_tokens\":3,\"output_tokens\":1},\"modelUsage\":{"
            + "\"claude-sonnet\":{\"inputTokens\":10,\"outputTokens\":20,\"cacheReadInputTokens\":100,"
            + "\"cacheCreationInputTokens\":5,\"costUSD\":0.04},"
            + "\"claude-haiku\":{\"inputTokens\":1,\"outputTokens\":2,\"cacheReadInputTokens\":0,"
            + "\"cacheCreationInputTokens\":0,\"costUSD\":0.010406}}";

    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private FakeClaude() {}

    /** The command that starts it. */
    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                Path.of(FakeClaude.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                FakeClaude.class.getName());
    }

    /** An adapter that starts it. */
    static ClaudeCodeBuilder adapter() {
        List<String> command = command();
        return ClaudeCodeAdapter.builder()
                .command(command.get(0), command.subList(1, command.size()).toArray(String[]::new));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("rest")) {
            new CountDownLatch(1).await();
        }
        String asked = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        List<String> given = List.of(arguments);
        boolean streamed = given.contains("stream-json") && given.contains("--include-partial-messages");
        String[] words = asked.split(" ", 3);
        switch (words[0]) {
            case "hang" -> {
                say("{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s-1\"}");
                new CountDownLatch(1).await();
            }
            case "stubborn" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException never) {
                        Thread.currentThread().interrupt();
                    }
                }));
                say("{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s-1\"}");
                new CountDownLatch(1).await();
            }
            case "parent" -> {
                child(false);
                new CountDownLatch(1).await();
            }
            // Leaves something that holds its output open.
            case "stray" -> {
                child(true);
                System.exit(3);
            }
            case "crash" -> {
                System.err.println(words.length > 1 ? asked.substring(6) : "");
                System.exit(7);
            }
            case "garbage" -> {
                System.out.write(new byte[] {(byte) 0xff, 0, '{', '\n', (byte) 0xc3, '\n', '[', '1', ']', '\n'});
                System.out.flush();
            }
            case "words" -> {
                say(asked.substring(6));
            }
            case "noisy" -> {
                byte[] noise = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 20; i++) {
                    System.err.write(noise);
                }
                System.err.flush();
                answer(streamed, "quiet now", given);
            }
            case "large" -> {
                answer(streamed, "y".repeat(Integer.parseInt(words[1])), given);
            }
            case "pieces" -> {
                for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                    say(delta("piece " + i + " "));
                }
                say(result("done", false, given));
            }
            case "error" -> {
                say("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":" + words[1]
                        + ",\"result\":\"" + words[2] + "\",\"session_id\":\"s-1\",\"total_cost_usd\":0.01," + USAGE
                        + "}");
                System.exit(1);
            }
            case "turns" -> {
                say("{\"type\":\"result\",\"subtype\":\"error_max_turns\",\"is_error\":false,\"session_id\":\"s-1\","
                        + "\"errors\":[\"Reached maximum number of turns (2)\"]," + USAGE + "}");
                System.exit(1);
            }
            case "lingers" -> {
                answer(streamed, "said all", given);
                new CountDownLatch(1).await();
            }
            default -> answer(streamed, "heard: " + asked, given);
        }
    }

    /** A process below this one, which waits until it is ended. */
    private static void child(boolean holdsOutput) throws IOException {
        List<String> command = new ArrayList<>(command());
        command.add("rest");
        ProcessBuilder builder = new ProcessBuilder(command);
        if (holdsOutput) {
            builder.inheritIO();
        }
        Process child = builder.start();
        say("{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s-1\",\"child\":" + child.pid() + "}");
    }

    private static void answer(boolean streamed, String text, List<String> given) throws IOException {
        if (streamed) {
            say("{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s-1\"}");
            say("{\"type\":\"of-the-future\",\"session_id\":\"s-1\"}");
            say(delta(text.substring(0, text.length() / 2)));
            say("{\"type\":\"stream_event\",\"parent_tool_use_id\":\"t-1\",\"event\":{\"type\":\"content_block_delta\","
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"an agent below\"}}}");
            say(delta(text.substring(text.length() / 2)));
            say(
                    "{\"type\":\"assistant\",\"session_id\":\"s-1\",\"message\":{\"id\":\"m-1\",\"content\":[{\"type\":\"text\","
                            + "\"text\":\"" + escaped(text)
                            + "\"}],\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":100,"
                            + "\"output_tokens\":1}}}");
        }
        say(result(text, true, given));
    }

    private static String delta(String text) {
        return "{\"type\":\"stream_event\",\"session_id\":\"s-1\",\"event\":{\"type\":\"content_block_delta\",\"delta\":"
                + "{\"type\":\"text_delta\",\"text\":\"" + escaped(text) + "\"}}}";
    }

    private static String result(String text, boolean reason, List<String> given) throws IOException {
        StringBuilder argv = new StringBuilder();
        String system = "";
        for (String argument : given) {
            argv.append(argv.length() == 0 ? "" : ",")
                    .append('"')
                    .append(escaped(argument))
                    .append('"');
        }
        int file = given.indexOf("--system-prompt-file");
        if (file >= 0) {
            system = ",\"system\":\"" + escaped(Files.readString(Path.of(given.get(file + 1)))) + "\"";
        }
        return "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"" + escaped(text)
                + "\",\"session_id\":\"s-1\",\"total_cost_usd\":0.050406,"
                + (reason ? "\"stop_reason\":\"end_turn\"," : "") + USAGE + ",\"argv\":[" + argv + "]" + system
                + ",\"retries\":\"" + System.getenv("CLAUDE_CODE_MAX_RETRIES") + "\",\"nested\":"
                + System.getenv().containsKey("CLAUDECODE") + ",\"key\":\"" + System.getenv("ANTHROPIC_API_KEY")
                + "\",\"cap\":\"" + System.getenv("CLAUDE_CODE_MAX_OUTPUT_TOKENS") + "\",\"directory\":\""
                + escaped(Path.of("").toAbsolutePath().toString()) + "\"}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static void say(String line) {
        OUT.println(line);
        OUT.flush();
    }
}
