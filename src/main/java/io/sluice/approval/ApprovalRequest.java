package io.sluice.approval;

import io.sluice.call.Risk;
import io.sluice.support.CanonicalJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to do and a person has to approve, as a snapshot: what is shown is what is carried out. Immutable; each
 * wither returns a new one. {@link #toString} leaves out arguments and context, which may hold prompts and secrets.
 *
 * @param action what is to be done, such as the name of a tool; not blank
 * @param arguments what it is to be done with, as JSON in canonical form
 * @param context why, for whoever decides; may be empty
 * @param risk how much harm it can do
 * @param priority how urgent it is, for channels that can say so
 * @param requester who wants it, and so may not approve it; null where nobody said
 * @param run the run that it belongs to; null where nobody said
 * @param callId the call within the run, as the model numbered it; null where nobody said
 * @param group what is shown and decided together; null where it stands alone
 */
public record ApprovalRequest(
        String action,
        String arguments,
        String context,
        Risk risk,
        String priority,
        @Nullable String requester,
        @Nullable String run,
        @Nullable String callId,
        @Nullable String group) {

    /** What a request has whose priority nobody said. */
    public static final String DEFAULT_PRIORITY = "P1";

    private static final int TITLE = 80;

    /**
     * Brings the arguments into canonical form.
     *
     * @throws IllegalArgumentException if the action is blank
     * @throws tools.jackson.core.JacksonException if the arguments are not one JSON value
     */
    public ApprovalRequest {
        if (action.isBlank()) {
            throw new IllegalArgumentException("the action of a request must not be blank; say what is to be done");
        }
        arguments = CanonicalJson.ofDocument(arguments);
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(risk, "risk");
        Objects.requireNonNull(priority, "priority");
    }

    /**
     * A request.
     *
     * @param action what is to be done
     * @param arguments what it is to be done with: a record, a map, a tree, a text; anything that can be written as JSON
     * @throws IllegalArgumentException if the action is blank, or the arguments cannot be written as JSON
     */
    public static ApprovalRequest of(String action, Object arguments) {
        return new ApprovalRequest(
                action, CanonicalJson.of(arguments), "", Risk.MEDIUM, DEFAULT_PRIORITY, null, null, null, null);
    }

    /** The same request with a reason for whoever decides. */
    public ApprovalRequest context(String context) {
        return new ApprovalRequest(action, arguments, context, risk, priority, requester, run, callId, group);
    }

    /** The same request with another risk. */
    public ApprovalRequest risk(Risk risk) {
        return new ApprovalRequest(action, arguments, context, risk, priority, requester, run, callId, group);
    }

    /** The same request with another priority. */
    public ApprovalRequest priority(String priority) {
        return new ApprovalRequest(action, arguments, context, risk, priority, requester, run, callId, group);
    }

    /** The same request, wanted by somebody. */
    public ApprovalRequest requester(String requester) {
        Objects.requireNonNull(requester, "requester");
        return new ApprovalRequest(action, arguments, context, risk, priority, requester, run, callId, group);
    }

    /**
     * The same request as a certain call of a run. With other arguments under the same name it takes the place of what was
     * asked before, and once approved it stays so until it is carried out.
     */
    public ApprovalRequest call(String run, String callId) {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(callId, "callId");
        return new ApprovalRequest(action, arguments, context, risk, priority, requester, run, callId, group);
    }

    /** The same request as one of a group. */
    public ApprovalRequest group(String group) {
        Objects.requireNonNull(group, "group");
        return new ApprovalRequest(action, arguments, context, risk, priority, requester, run, callId, group);
    }

    /** The same request with other arguments, as JSON. */
    ApprovalRequest arguments(String json) {
        return new ApprovalRequest(action, json, context, risk, priority, requester, run, callId, group);
    }

    /** The action on one line of at most 80 characters, without control characters: safe as the subject of a mail. */
    public String title() {
        return OneLine.of(action, TITLE);
    }

    /** The SHA-256 of the arguments, which says what was decided about. */
    public String argumentsHash() {
        return CanonicalJson.sha256(arguments);
    }

    /** What makes two requests the same: action, arguments, run and call, and who asks. */
    public String fingerprint() {
        Map<String, @Nullable String> identity = new LinkedHashMap<>();
        identity.put("action", action);
        identity.put("arguments", argumentsHash());
        identity.put("run", run);
        identity.put("call", callId);
        identity.put("requester", requester);
        return CanonicalJson.sha256(CanonicalJson.of(identity));
    }

    @Override
    public String toString() {
        return "ApprovalRequest[" + title() + ", " + risk + (requester == null ? "" : ", for " + requester) + "]";
    }
}
