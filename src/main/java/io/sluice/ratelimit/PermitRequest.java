package io.sluice.ratelimit;

import io.sluice.call.Priority;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks the limiter for: one request of a model, with an estimate of its tokens. Immutable; each wither
 * returns a new request. May be used for any number of calls.
 */
public final class PermitRequest {

    /** How long a call waits for its permit unless it says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    /** How long a bare permit may be held unless the call says otherwise. */
    public static final Duration DEFAULT_MAX_HOLD = Duration.ofMinutes(10);

    /** The {@link #skew} of calls over the public network: that of this library's adapters and of batches. */
    public static final Duration NETWORK_SKEW = Duration.ofSeconds(2);

    private final ModelKey key;
    private final TokenEstimate estimate;
    private final Duration timeout;
    private final Duration maxHold;
    private final FailFast failFast;
    private final Duration skew;
    private final @Nullable String tenant;
    private final @Nullable Priority priority;

    /** For whom it asks, as far as the request itself says it. */
    private final @Nullable Standing standing;

    private PermitRequest(
            ModelKey key,
            TokenEstimate estimate,
            Duration timeout,
            Duration maxHold,
            FailFast failFast,
            Duration skew,
            @Nullable String tenant,
            @Nullable Priority priority) {
        this.key = key;
        this.estimate = estimate;
        this.timeout = timeout;
        this.maxHold = maxHold;
        this.failFast = failFast;
        this.skew = skew;
        this.tenant = tenant;
        this.priority = priority;
        this.standing = Standing.of(tenant, priority);
    }

    /**
     * A request with the default time-out of five minutes.
     *
     * @param key the model; not a wildcard
     * @param estimate what the call is expected to cost at most
     * @throws IllegalArgumentException if the key is a wildcard
     */
    public static PermitRequest of(ModelKey key, TokenEstimate estimate) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(estimate, "estimate");
        if (key.isWildcard()) {
            throw new IllegalArgumentException("a permit is for one model, " + key + " is a wildcard");
        }
        return new PermitRequest(
                key, estimate, DEFAULT_TIMEOUT, DEFAULT_MAX_HOLD, FailFast.CERTAIN, Duration.ZERO, null, null);
    }

    /** A request that costs no tokens, such as a tool call. */
    public static PermitRequest of(ModelKey key) {
        return of(key, TokenEstimate.NONE);
    }

    /**
     * How long to wait at most; zero takes a permit now or not at all. At exactly this time the waiting is over.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PermitRequest timeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative, was " + timeout);
        }
        return new PermitRequest(key, estimate, timeout, maxHold, failFast, skew, tenant, priority);
    }

    /**
     * How long a permit of {@link ModelRateLimiter#acquire} may be held before its slot is given to others, as a defence
     * against permits that are forgotten. Its usage can still be settled after that. Calls of {@code withPermit} cannot
     * forget theirs, and may run as long as they like.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public PermitRequest maxHold(Duration maxHold) {
        if (maxHold.isNegative() || maxHold.isZero()) {
            throw new IllegalArgumentException("maxHold must be greater than zero, was " + maxHold);
        }
        return new PermitRequest(key, estimate, timeout, maxHold, failFast, skew, tenant, priority);
    }

    /** When to fail at once; default {@link FailFast#CERTAIN}. */
    public PermitRequest failFast(FailFast failFast) {
        return new PermitRequest(
                key, estimate, timeout, maxHold, Objects.requireNonNull(failFast, "failFast"), skew, tenant, priority);
    }

    /**
     * Within what time of its grant the provider counts this call, where the profile does not say so; default zero. See
     * {@link RateLimitProfile#skew()}.
     *
     * @throws IllegalArgumentException if it is negative or longer than an hour
     */
    public PermitRequest skew(Duration skew) {
        return new PermitRequest(
                key, estimate, timeout, maxHold, failFast, RateLimitProfile.checkedSkew(skew), tenant, priority);
    }

    /**
     * For whom the call is made, where several tenants share the model; goes before what the Reactor Context says ({@link
     * io.sluice.call.Sluice#tenant(String)}). See {@link ModelRateLimiter.Builder#tenantWeight}.
     *
     * @param tenant its name, told apart by upper and lower case
     * @throws IllegalArgumentException if it is blank
     */
    public PermitRequest tenant(String tenant) {
        if (tenant.isBlank()) {
            throw new IllegalArgumentException("the name of a tenant must not be blank");
        }
        return new PermitRequest(key, estimate, timeout, maxHold, failFast, skew, tenant, priority);
    }

    /**
     * Whether the call goes before others of the same model and tenant; goes before what the Reactor Context says ({@link
     * io.sluice.call.Sluice#priority(Priority)}). Default {@link Priority#NORMAL}.
     * How much a class is worth, and for how long, is said there.
     */
    public PermitRequest priority(Priority priority) {
        return new PermitRequest(
                key, estimate, timeout, maxHold, failFast, skew, tenant, Objects.requireNonNull(priority, "priority"));
    }

    /** The model. */
    public ModelKey key() {
        return key;
    }

    /** What the call is expected to cost at most. */
    public TokenEstimate estimate() {
        return estimate;
    }

    /** How long to wait at most. */
    public Duration timeout() {
        return timeout;
    }

    /** How long a bare permit may be held. */
    public Duration maxHold() {
        return maxHold;
    }

    /** When to fail at once. */
    public FailFast failFast() {
        return failFast;
    }

    /** Within what time of its grant the provider counts it. */
    public Duration skew() {
        return skew;
    }

    /** For whom it is made; null where it does not say so. */
    public @Nullable String tenant() {
        return tenant;
    }

    /** Which calls it goes before; null where it does not say so. */
    public @Nullable Priority priority() {
        return priority;
    }

    @Nullable
    Standing standing() {
        return standing;
    }

    @Override
    public String toString() {
        return "PermitRequest[" + key + ", " + estimate + ", timeout=" + timeout + ", failFast=" + failFast + ", skew="
                + skew + (tenant == null ? "" : ", tenant=" + tenant) + (priority == null ? "" : ", " + priority) + "]";
    }
}
