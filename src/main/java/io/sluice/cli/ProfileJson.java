package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.store.file.SavedState;
import io.sluice.support.Json;
import java.math.BigDecimal;
import java.time.Duration;
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
 *       {@code max_concurrency}, up to which the cap may grow, {@code oversize}, {@code burst_seconds} and
 *       {@code skew_seconds}; {@code itpm_limit}, {@code otpm_limit}, {@code rpd_limit} and {@code tpd_limit}, each with
 *       its effective one; {@code day_zone}, null for a rolling day; {@code pool} and {@code aliases}. A profile of one account has {@code account} after the model.
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
        row.put("rpm_limit", profile.rpm())
                .put("tpm_limit", profile.tpm())
                .put("utilization_target", profile.utilizationTarget())
                .put("concurrency_cap", profile.concurrencyCap())
                .put("source", profile.source())
                .put("effective_rpm_limit", effective(profile.rpm(), profile.effectiveRpm()))
                .put("effective_tpm_limit", effective(profile.tpm(), profile.effectiveTpm()))
                .put("max_concurrency", profile.maxConcurrency())
                .put("oversize", profile.oversize().name().toLowerCase(Locale.ROOT))
                .put("burst_seconds", seconds(profile.burst()))
                .put("skew_seconds", seconds(profile.skew()));
        for (RateLimit limit : ProfileRows.FURTHER) {
            String name = limit.name().toLowerCase(Locale.ROOT) + "_limit";
            row.put(name, profile.limit(limit));
            row.put("effective_" + name, effective(profile.limit(limit), profile.effective(limit)));
        }
        row.put(
                        "day_zone",
                        profile.day().zone() == null
                                ? null
                                : String.valueOf(profile.day().zone()))
                .put("pool", profile.pool());
        ArrayNode aliases = row.putArray("aliases");
        profile.aliases().forEach(aliases::add);
        return row;
    }

    private static ObjectNode named(ModelKey key) {
        ObjectNode named =
                Json.mapper().createObjectNode().put("provider", key.provider()).put("model", key.model());
        return key.account() == null ? named : named.put("account", key.account());
    }

    /**
     * The earlier system's 15 fields of a snapshot under its names, for the model that was asked for; then
     * {@code pending}, how many calls wait as far as this process knows, and {@code limits_from}, the {@code provider},
     * {@code model} and {@code source} of the profile whose limits these are; {@code further}, of each limit beyond rpm
     * and tpm that there is, such as {@code itpm}, the {@code limit}, {@code effective_limit}, {@code rolling_count} and
     * {@code utilization}; and {@code pool}, in which other models share all of this, or null. Where a running or ended program saved what
     * it knew of the model, also {@code saved_at}, when that was; {@code window_seconds}, the span that its limits count
     * for; and {@code paused_until}, null or until when it holds calls back.
     */
    static ObjectNode ofStatus(ModelStatus now) {
        RateLimitSnapshot limits = now.limits();
        RateLimitProfile profile = limits.profile();
        ObjectNode status = named(limits.key())
                .put("rpm_limit", limits.rpmLimit())
                .put("tpm_limit", limits.tpmLimit())
                .put("effective_rpm_limit", effective(limits.rpmLimit(), limits.effectiveRpm()))
                .put("effective_tpm_limit", effective(limits.tpmLimit(), limits.effectiveTpm()))
                .put("rolling_request_count", now.requests())
                .put("rolling_token_count", now.tokens())
                .put("moving_average_requests", now.averageRequests())
                .put("moving_average_tokens", now.averageTokens())
                .put("request_utilization", now.requestUtilization())
                .put("token_utilization", now.tokenUtilization())
                .put("base_concurrency_cap", limits.baseConcurrencyCap())
                .put("current_concurrency_cap", now.cap())
                .put("in_flight", now.inFlight())
                .put("pending", limits.pending());
        status.set("limits_from", named(profile.key()).put("source", profile.source()));
        ObjectNode further = status.putObject("further");
        for (RateLimit limit : ProfileRows.FURTHER) {
            Long hard = profile.limit(limit);
            if (hard != null) {
                further.putObject(limit.name().toLowerCase(Locale.ROOT))
                        .put("limit", hard)
                        .put("effective_limit", profile.effective(limit))
                        .put("rolling_count", now.charged(limit))
                        .put("utilization", now.utilization(limit));
            }
        }
        status.put("pool", profile.pool());
        SavedState saved = now.saved();
        if (saved != null) {
            status.put("saved_at", saved.state().at().toString()).put("window_seconds", seconds(saved.window()));
            status.put(
                    "paused_until",
                    now.pause() == null ? null : String.valueOf(saved.state().pausedUntil()));
        }
        return status;
    }

    private static @Nullable BigDecimal seconds(@Nullable Duration time) {
        return time == null ? null : Json.seconds(time);
    }

    private static @Nullable Long effective(@Nullable Long limit, long effective) {
        return limit == null ? null : effective;
    }
}
