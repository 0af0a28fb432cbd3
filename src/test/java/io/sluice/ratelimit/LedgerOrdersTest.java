package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Three calls of one ledger in every order in which their steps can come, each in each way of ending. The ledger is entered by
 * one thread at a time, so these are all the orders there are.
 */
class LedgerOrdersTest {

    private static final long WINDOW = Duration.ofMinutes(1).toNanos();
    private static final long STEP = WINDOW / 3;
    private static final int CALLS = 3;
    private static final long TOKENS = 100;
    private static final long ESTIMATE = 60;

    /** How a call ends. */
    private enum Ending {
        USED_LESS,
        USED_MORE,
        KEPT,
        NEVER_SENT
    }

    private record Question(TokenEstimate estimate, long number) implements Ask {

        @Override
        public ModelKey key() {
            return ModelKey.of("p", "m");
        }

        @Override
        public @Nullable Standing standing() {
            return null;
        }

        @Override
        public Duration skew() {
            return Duration.ZERO;
        }

        @Override
        public boolean needsSlot() {
            return true;
        }

        @Override
        public Grant newGrant() {
            return new Admitted(estimate, number);
        }
    }

    private static final class Admitted extends Grant {

        private final TokenEstimate estimate;
        private final long number;

        Admitted(TokenEstimate estimate, long number) {
            this.estimate = estimate;
            this.number = number;
        }

        @Override
        TokenEstimate estimate() {
            return estimate;
        }

        @Override
        long order() {
            return number;
        }
    }

    /** One history: the ledger, and beside it what must be true of it. */
    private static final class History {

        private final KeyLedger ledger = new KeyLedger(
                VirtualLimiter.KEY,
                RateLimitProfile.builder(VirtualLimiter.KEY)
                        .rpm(2)
                        .tpm(TOKENS)
                        .utilizationTarget(1)
                        .concurrency(2)
                        .build(),
                WINDOW,
                3,
                () -> Instant.EPOCH,
                0);
        private final List<@Nullable Grant> grants = new ArrayList<>();
        private final List<Ending> endings;
        private int inFlight;
        private long asked;
        private long now;

        History(List<Ending> endings) {
            this.endings = endings;
            for (int i = 0; i < CALLS; i++) {
                grants.add(null);
            }
        }

        void begin(int call) {
            Grant grant = ledger.tryTake(new Question(TokenEstimate.of(ESTIMATE, 0), ++asked), now);
            if (grant != null) {
                inFlight++;
                grants.set(call, grant);
                LedgerView view = ledger.view(now);
                if (view.tokens() > TOKENS || view.requests() > 2) {
                    throw new AssertionError("beyond the limits at a grant: " + view);
                }
            }
            isCounted();
        }

        void end(int call) {
            Grant grant = grants.get(call);
            if (grant != null) {
                inFlight--;
                switch (endings.get(call)) {
                    case USED_LESS -> ledger.succeeded(grant, TokenUsage.of(20, 0), false, now);
                    case USED_MORE -> ledger.succeeded(grant, TokenUsage.of(90, 0), false, now);
                    case KEPT -> ledger.kept(grant, now);
                    case NEVER_SENT -> ledger.abandoned(grant, now);
                }
            }
            isCounted();
        }

        void pass() {
            now += STEP;
        }

        private void isCounted() {
            LedgerView view = ledger.view(now);
            if (view.inFlight() != inFlight || view.tokens() < 0 || view.requests() < 0) {
                throw new AssertionError("in flight " + inFlight + ", but " + view);
            }
        }

        void isEmptyAWindowLater() {
            now += WINDOW;
            LedgerView view = ledger.view(now);
            assertThat(view.inFlight()).isZero();
            assertThat(view.tokens()).isZero();
            assertThat(view.requests()).isZero();
            assertThat(ledger.tryTake(new Question(TokenEstimate.of(TOKENS, 0), ++asked), now))
                    .as("all of it")
                    .isNotNull();
        }
    }

    @Test
    void everyOrderKeepsTheLimitsAndGivesEverythingBack() {
        List<List<Integer>> orders = new ArrayList<>();
        order(new int[CALLS + 1], new ArrayList<>(), orders);
        int histories = 0;
        for (List<Integer> order : orders) {
            for (int endings = 0; endings < 64; endings++) {
                run(order, endings);
                histories++;
            }
        }
        // Eight steps, two each of four, in all their orders; and all ways for three calls to end.
        assertThat(histories).isEqualTo(2_520 * 64);
    }

    private static void run(List<Integer> order, int endings) {
        Ending[] all = Ending.values();
        History history = new History(List.of(all[endings & 3], all[endings >> 2 & 3], all[endings >> 4 & 3]));
        boolean[] begun = new boolean[CALLS];
        for (int step : order) {
            if (step == CALLS) {
                history.pass();
            } else if (begun[step]) {
                history.end(step);
            } else {
                begun[step] = true;
                history.begin(step);
            }
        }
        history.isEmptyAWindowLater();
    }

    /** Two steps of each call, and two of time, in all orders. */
    private static void order(int[] done, List<Integer> soFar, List<List<Integer>> orders) {
        if (soFar.size() == 2 * done.length) {
            orders.add(List.copyOf(soFar));
            return;
        }
        for (int who = 0; who < done.length; who++) {
            if (done[who] < 2) {
                done[who]++;
                soFar.add(who);
                order(done, soFar, orders);
                soFar.remove(soFar.size() - 1);
                done[who]--;
            }
        }
    }
}
