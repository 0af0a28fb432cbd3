package io.sluice.matrix;

import io.sluice.breaker.CircuitBreaker;
import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.budget.Charge;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.DebounceMode;
import io.sluice.debounce.Debouncer;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The rows of the matrix: each makes its operator on a scheduler, or on the usual one where there is none. */
final class Operators {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(10, 10));
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private Operators() {}

    static Map<String, Function<@Nullable Scheduler, Subject>> all() {
        Map<String, Function<@Nullable Scheduler, Subject>> all = new LinkedHashMap<>();
        all.put("limiter.withPermit", Limited::withPermit);
        all.put("limiter.withPermitMany", Limited::withPermitMany);
        all.put("limiter.acquire in usingWhen", Limited::acquire);
        all.put("retry.protect of a Mono", scheduler -> new Retried(scheduler, false));
        all.put("retry.protect of a Flux", scheduler -> new Retried(scheduler, true));
        all.put("breaker.protect of a Mono", scheduler -> probe(scheduler, false));
        all.put("breaker.protect of a Flux", scheduler -> probe(scheduler, true));
        all.put("deadline.protect of a Mono", scheduler -> {
            Deadline deadline = deadline(scheduler);
            return source -> deadline.protect(source.next()).flux();
        });
        all.put("deadline.protect of a Flux", scheduler -> deadline(scheduler)::protect);
        all.put("debouncer.protect, leading", scheduler -> debounced(scheduler, DebounceMode.LEADING));
        all.put("debouncer.protect, shared", scheduler -> debounced(scheduler, DebounceMode.SHARE));
        all.put("debouncer.protect, trailing", scheduler -> new Quiet(debouncer(scheduler, DebounceMode.TRAILING)));
        all.put(
                "debouncer.throttle, leading",
                scheduler -> debouncer(scheduler, DebounceMode.LEADING).<String>throttle(key -> key)::apply);
        all.put(
                "debouncer.throttle, trailing",
                scheduler -> debouncer(scheduler, DebounceMode.TRAILING).<String>throttle(key -> key)::apply);
        all.put("debouncer.admit", scheduler -> new Answered());
        all.put(
                "budget.charge",
                scheduler -> charged(
                        scheduler,
                        budget -> source -> source.next()
                                .transform(budget.charge(CHARGE, answer -> TokenUsage.output(1)))
                                .flux()));
        all.put(
                "budget.meter",
                scheduler -> charged(
                        scheduler,
                        budget -> source -> source.transform(budget.meter(CHARGE, element -> 1, element -> null))));
        all.put(
                "budget.reserve in usingWhen",
                scheduler -> charged(
                        scheduler,
                        budget -> source -> Mono.usingWhen(
                                        budget.reserve(CHARGE),
                                        reservation -> source.next(),
                                        reservation -> reservation.commit(TokenUsage.output(1)),
                                        (reservation, error) -> reservation.release(),
                                        reservation -> reservation.release())
                                .flux()));
        all.put("governor.govern", Governed::mono);
        all.put("governor.governMany", Governed::flux);
        all.put("governor.outcome", Governed::outcome);
        return all;
    }

    private static Deadline deadline(@Nullable Scheduler scheduler) {
        Deadline deadline =
                Deadline.attempt(AN_HOUR).firstElement(AN_HOUR).gap(AN_HOUR).total(AN_HOUR);
        return scheduler == null ? deadline : deadline.scheduler(scheduler);
    }

    private static Debouncer debouncer(@Nullable Scheduler scheduler, DebounceMode mode) {
        Debouncer.Builder builder =
                Debouncer.builder().mode(mode).cooldown(Duration.ofSeconds(10)).unlimitedPerHour();
        return (scheduler == null ? builder : builder.scheduler(scheduler)).build();
    }

    private static Subject debounced(@Nullable Scheduler scheduler, DebounceMode mode) {
        Debouncer debouncer = debouncer(scheduler, mode);
        return source -> debouncer.protect("tool", source.next()).flux();
    }

    /** The one call that a breaker lets through to see whether things are well again. */
    private static Subject probe(@Nullable Scheduler scheduler, boolean many) {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder()
                .consecutiveFailures(1)
                .openFor(Duration.ofNanos(1))
                .build();
        CircuitBreaker breaker =
                scheduler == null ? CircuitBreaker.of("tool", config) : CircuitBreaker.of("tool", config, scheduler);
        UnaryOperator<Flux<String>> operator = many
                ? breaker::protect
                : source -> breaker.protect(source.next()).flux();
        return new Subject() {

            @Override
            public Flux<String> around(Flux<String> source) {
                breaker.tryAcquire().failed(new IllegalStateException("broken"));
                (scheduler instanceof VirtualTimeScheduler clock ? clock : VirtualTimeScheduler.get())
                        .advanceTimeBy(Duration.ofNanos(1));
                return operator.apply(source);
            }

            @Override
            public String held() {
                int probes = breaker.snapshot().probesOut();
                return probes == 0 ? "" : probes + " probes are out";
            }
        };
    }

    private static Subject charged(
            @Nullable Scheduler scheduler, Function<Budget, UnaryOperator<Flux<String>>> operator) {
        Budget.Builder builder = Budget.root("run").tokens(1_000);
        Budget budget = (scheduler == null ? builder : builder.scheduler(scheduler)).build();
        UnaryOperator<Flux<String>> charged = operator.apply(budget.child("agent", BudgetLimits.none()));
        return new Subject() {

            @Override
            public Flux<String> around(Flux<String> source) {
                return charged.apply(source);
            }

            @Override
            public String held() {
                return heldOf(budget);
            }
        };
    }

    static String heldOf(Budget budget) {
        BudgetSnapshot snapshot = budget.snapshot();
        return snapshot.openReservations() == 0 && snapshot.reserved().tokens() == 0
                ? ""
                : snapshot.openReservations() + " reservations of " + snapshot.reserved();
    }

    /** Runs when its key has been quiet for a while. */
    private record Quiet(Debouncer debouncer) implements Subject {

        @Override
        public Flux<String> around(Flux<String> source) {
            return debouncer.protect("tool", source.next()).flux();
        }

        @Override
        public boolean canWait() {
            return true;
        }
    }

    /** A plain answer, of no reactive type. */
    private record Answered() implements Subject {

        @Override
        public Flux<String> around(Flux<String> source) {
            return source;
        }

        @Override
        public String notApplicable(Situation situation) {
            return "it answers at once, with a value and not with a publisher";
        }
    }
}
