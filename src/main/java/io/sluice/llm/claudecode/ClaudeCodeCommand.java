package io.sluice.llm.claudecode;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.RequestBody;
import io.sluice.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one call says to the program. What is said to the model goes through its input and a file, and never among the
 * arguments, which every user of the machine can list.
 *
 * @param arguments after the program's own
 * @param input what it reads
 * @param system the instructions to the model; null for none
 * @param maxOutput the most tokens to answer with at once; null where the program decides
 */
record ClaudeCodeCommand(
        List<String> arguments,
        @SuppressWarnings("ArrayRecordComponent") byte[] input,
        @Nullable String system,
        @Nullable Long maxOutput) {

    /** The model that is nobody's choice: the program's own. */
    private static final String DEFAULT_MODEL = "default";

    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");

    /**
     * @throws IllegalArgumentException if it cannot be said in this way
     */
    static ClaudeCodeCommand of(LlmRequest request, boolean streamed) {
        JsonNode content = onlyMessage(request).content();
        boolean parts = content.isArray();
        if (!parts && !content.isString()) {
            throw new IllegalArgumentException("the message to claude-code must be a text or a list of parts");
        }
        List<String> arguments = new ArrayList<>(List.of("-p"));
        if (parts) {
            arguments.addAll(List.of("--input-format", "stream-json"));
        }
        if (streamed || parts) {
            // In this form the program wants --verbose, and takes parts in no other (SDK of August 2026).
            arguments.addAll(List.of("--output-format", "stream-json", "--verbose"));
        } else {
            arguments.addAll(List.of("--output-format", "json"));
        }
        if (streamed) {
            arguments.add("--include-partial-messages");
        }
        if (!request.model().equals(DEFAULT_MODEL)) {
            arguments.addAll(List.of("--model", value("model", request.model())));
        }
        JsonNode session = request.extra().get(ClaudeCodeAdapter.RESUME);
        if (session != null) {
            if (!SESSION.matcher(session.asString("")).matches()) {
                throw new IllegalArgumentException(ClaudeCodeAdapter.RESUME
                        + " must be the id of a session: letters, digits and hyphens, as a request id says it");
            }
            arguments.addAll(List.of("--resume", session.asString()));
        }
        byte[] input = parts ? line(content) : content.stringValue().getBytes(StandardCharsets.UTF_8);
        return new ClaudeCodeCommand(arguments, input, system(request), request.maxOutput());
    }

    /** An argument that cannot be taken for an option. */
    static String value(String name, String value) {
        if (value.isBlank() || value.startsWith("-") || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " must not be blank, or begin with a hyphen");
        }
        return value;
    }

    private static LlmMessage onlyMessage(LlmRequest request) {
        List<LlmMessage> said = request.messages().stream()
                .filter(message -> !RequestBody.isInstruction(message))
                .toList();
        if (said.size() != 1 || !said.get(0).role().equals("user")) {
            throw new IllegalArgumentException("claude-code takes one message of the role user, was " + said.size()
                    + " messages; to go on with a conversation give its session as the extra field "
                    + ClaudeCodeAdapter.RESUME);
        }
        return said.get(0);
    }

    private static @Nullable String system(LlmRequest request) {
        StringBuilder system = new StringBuilder();
        for (JsonNode instruction : RequestBody.instructions(request)) {
            for (JsonNode part : instruction.isArray() ? instruction : List.of(instruction)) {
                JsonNode text = part.isString() ? part : part.path("text");
                system.append(system.isEmpty() ? "" : "\n\n").append(text.asString(""));
            }
        }
        return system.isEmpty() ? null : system.toString();
    }

    private static byte[] line(JsonNode content) {
        ObjectNode line = Json.mapper().createObjectNode().put("type", "user");
        line.putObject("message").put("role", "user").set("content", content);
        return (Json.compact(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** How many arguments there are; what is said stays out of logs. */
    @Override
    public String toString() {
        return "ClaudeCodeCommand[arguments=" + arguments.size() + "]";
    }
}
