package io.sluice.ratelimit;

import io.sluice.failure.RateLimitHeaders;
import io.sluice.failure.StatedLimit;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which limits of one key are in force: those of its profile, or what its provider states. By the writer of its queue. */
final class LimitsInForce {

    private final KeyState state;
    private final Turns turns;
    /** What the profiles said, before anything was learned. */
    private RateLimitProfile declared;

    LimitsInForce(KeyState state, Turns turns) {
        this.state = state;
        this.turns = turns;
        this.declared = state.profile;
    }

    /** The profiles say something else. Where that makes no difference for this key, what was learned stays. */
    void declare(RateLimitProfile changed) {
        if (!changed.equals(declared)) {
            declared = changed;
            apply(changed);
        }
    }

    /** What headers say about limits over the window of the limiter; by any thread. */
    List<StatedLimit> stated(Function<? super String, ? extends @Nullable List<String>> headers) {
        return RateLimitHeaders.of(headers, state.core.time().instant()).limits().stream()
                .filter(limit -> RateLimit.of(limit, state.core.window()) != null)
                .toList();
    }

    /** The answer of a call stated limits. */
    void believe(LivePermit permit, List<StatedLimit> stated) {
        if (state.ledger.isOutOfDate(permit)) {
            return;
        }
        if (state.core.learnLimits()) {
            apply(LearnedLimits.of(state.profile, stated, state.core.window()));
        }
        state.ledger.stated(permit, stated, state.now());
    }

    private void apply(RateLimitProfile changed) {
        if (changed.equals(state.profile)) {
            return;
        }
        LimiterNews news = state.core.news();
        int before = state.ledger.cap();
        news.profileChanged(state.key, state.profile, changed);
        state.profile = changed;
        state.ledger.update(changed, state.now());
        news.capChanged(state.key, before, state.ledger.cap());
        turns.failTooLarge();
    }
}
