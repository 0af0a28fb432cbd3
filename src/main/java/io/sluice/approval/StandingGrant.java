package io.sluice.approval;

import io.sluice.support.CanonicalJson;
import io.sluice.support.Json;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An approval in advance: of requests for one action, with certain arguments, for some time and so many of them. It approves
 * only what its issuer could approve alone: nothing that is not delegable, that needs several people, or that the issuer asks
 * for.
 *
 * @param id 32 hex digits
 * @param version counted from 1
 * @param action the action that it is for
 * @param arguments a JSON value; of an object, only what stands in it has to be in the arguments, at every level; {@code {}}
 *     for any object
 * @param requester who may ask; null for anybody
 * @param run in which run; null for any
 * @param issuer who approves
 * @param issuedAt since when
 * @param expiresAt until when; at exactly that instant it is over
 * @param maxUses how many requests it approves; at least 1
 * @param uses how many it has approved
 * @param revoked whether it was taken back
 */
public record StandingGrant(
        String id,
        long version,
        String action,
        String arguments,
        @Nullable String requester,
        @Nullable String run,
        String issuer,
        Instant issuedAt,
        Instant expiresAt,
        int maxUses,
        int uses,
        boolean revoked) {

    /**
     * Brings the arguments into canonical form.
     *
     * @throws IllegalArgumentException if action or issuer is blank, it ends before it begins, or approves nothing
     */
    public StandingGrant {
        if (action.isBlank() || issuer.isBlank()) {
            throw new IllegalArgumentException("a standing grant needs an action and an issuer");
        }
        if (!expiresAt.isAfter(issuedAt)) {
            throw new IllegalArgumentException(
                    "a standing grant from " + issuedAt + " must not be over at " + expiresAt);
        }
        if (maxUses < 1) {
            throw new IllegalArgumentException("a standing grant must be for at least one request, was " + maxUses);
        }
        arguments = CanonicalJson.ofDocument(arguments);
    }

    /** Whether it can approve anything still. */
    public boolean valid(Instant now) {
        return !revoked && uses < maxUses && now.isBefore(expiresAt) && !now.isBefore(issuedAt);
    }

    /** Whether a request is what it is for. Says nothing about its validity. */
    public boolean covers(ApprovalRequest request) {
        return action.equals(request.action())
                && (requester == null || requester.equals(request.requester()))
                && (run == null || run.equals(request.run()))
                && within(Json.read(arguments), Json.read(request.arguments()));
    }

    private static boolean within(JsonNode asked, JsonNode given) {
        if (asked.isObject()) {
            if (!given.isObject()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> entry : asked.properties()) {
                JsonNode value = given.get(entry.getKey());
                if (value == null || !within(entry.getValue(), value)) {
                    return false;
                }
            }
            return true;
        }
        // Both are canonical, so what is the same is written the same.
        return asked.toString().equals(given.toString());
    }

    StandingGrant used() {
        return with(uses + 1, revoked);
    }

    StandingGrant revoke() {
        return with(uses, true);
    }

    private StandingGrant with(int uses, boolean revoked) {
        return new StandingGrant(
                id,
                version + 1,
                action,
                arguments,
                requester,
                run,
                issuer,
                issuedAt,
                expiresAt,
                maxUses,
                uses,
                revoked);
    }

    /** One JSON object on one line. */
    public String toJson() {
        return Json.mapper().writeValueAsString(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws tools.jackson.core.JacksonException if it is something else
     */
    public static StandingGrant fromJson(String json) {
        return Json.mapper().readValue(json, StandingGrant.class);
    }

    /** Leaves out the arguments. */
    @Override
    public String toString() {
        return "StandingGrant[" + id + ", " + OneLine.of(action, 80) + ", by " + issuer + ", " + uses + " of " + maxUses
                + ", until " + expiresAt + (revoked ? ", revoked" : "") + "]";
    }
}
