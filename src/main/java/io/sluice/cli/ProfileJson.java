package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.support.Json;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code --json} prints. Keys may be added in later releases; those that are there keep their name and meaning. A
 * limit that a profile does not have is null.
 *
 * <ul>
 *   <li>A profile: the seven keys of the profile file ({@code provider}, {@code model}, {@code rpm_limit},
 *       {@code tpm_limit}, {@code utilization_target}, {@code concurrency_cap}, {@code source}), then
 *       {@code effective_rpm_limit} and {@code effective_tpm_limit}, which are the limits times the target, and
 *       {@code max_concurrency}, up to which the cap may grow, and {@code oversize}. A profile of one account has
 *       {@code account} after the model.
 *   <li>{@code list}: {@code {"profiles": [...]}}, sorted by provider and model.
 *   <li>{@code defaults}: {@code {"profiles": [...]}}, in the order of the table; with {@code --current} each profile
 *       has {@code as_of} as well, the date of its numbers; with {@code --install} the document has {@code installed},
 *       how many rows were added to the file.
 *   <li>{@code status}: {@link #ofStatus}.
 * </ul>
 */
final class ProfileJson {

    private ProfileJson() {}

    static ObjectNode document(
            Collection<RateLimitProfile> profiles, Function<RateLimitProfile, @Nullable String> asOf) {
        ObjectNode document = Json.mapper().createObjectNode();
        ArrayNode rows = document.putArray("profiles");
        for (RateLimitProfile profile : profiles) {
            ObjectNode row = rows.add(of(profile)).get(rows.size() - 1).asObject();
            String date = asOf.apply(profile);
            if (date != null) {
                row.put("as_of", date);
            }
        }
        return document;
    }

    static ObjectNode of(RateLimitProfile profile) {
        ObjectNode row = named(profile.key());
        return row.put("rpm_limit", profile.rpm())
                .put("tpm_limit", profile.tpm())
                .put("utilization_target", profile.utilizationTarget())
                .put("concurrency_cap", profile.concurrencyCap())
                .put("source", profile.source())
                .put("effective_rpm_limit", effective(profile.rpm(), profile.effectiveRpm()))
                .put("effective_tpm_limit", effective(profile.tpm(), profile.effectiveTpm()))
                .put("max_concurrency", profile.maxConcurrency())
                .put("oversize", profile.oversize().name().toLowerCase(Locale.ROOT));
    }

    private static ObjectNode named(ModelKey key) {
        ObjectNode named =
                Json.mapper().createObjectNode().put("provider", key.provider()).put("model", key.model());
        return key.account() == null ? named : named.put("account", key.account());
    }

    /**
     * The earlier system's 15 fields of a snapshot under its names, for the model that was asked for; then
     * {@code pending}, how many calls wait, and {@code limits_from}, the {@code provider}, {@code model} and
     * {@code source} of the profile whose limits these are.
     */
    static ObjectNode ofStatus(RateLimitSnapshot now) {
        RateLimitProfile profile = now.profile();
        ObjectNode status = Json.mapper()
                .createObjectNode()
                .put("provider", now.key().provider())
                .put("model", now.key().model())
                .put("rpm_limit", now.rpmLimit())
                .put("tpm_limit", now.tpmLimit())
                .put("effective_rpm_limit", effective(now.rpmLimit(), now.effectiveRpm()))
                .put("effective_tpm_limit", effective(now.tpmLimit(), now.effectiveTpm()))
                .put("rolling_request_count", now.requests())
                .put("rolling_token_count", now.tokens())
                .put("moving_average_requests", now.averageRequests())
                .put("moving_average_tokens", now.averageTokens())
                .put("request_utilization", now.requestUtilization())
                .put("token_utilization", now.tokenUtilization())
                .put("base_concurrency_cap", now.baseConcurrencyCap())
                .put("current_concurrency_cap", now.currentConcurrencyCap())
                .put("in_flight", now.inFlight())
                .put("pending", now.pending());
        status.putObject("limits_from")
                .put("provider", profile.key().provider())
                .put("model", profile.key().model())
                .put("source", profile.source());
        return status;
    }

    private static @Nullable Long effective(@Nullable Long limit, long effective) {
        return limit == null ? null : effective;
    }
}
