import io.sluice.SluiceException;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.BudgetPicture;
import io.sluice.budget.BudgetWindow;
import io.sluice.budget.Charge;
import io.sluice.budget.DelegationRefusedException;
import io.sluice.call.Sluice;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Three agents with one budget: a planner, which delegates to a researcher and a writer. The researcher runs away, twice: it
 * asks without end, and it delegates without end. Each time it is stopped by what it was given, and the others finish their
 * work. The model is a few lines below, so that nothing is sent anywhere.
 */
public final class SharedBudget {

    private static final ModelKey MODEL = ModelKey.of("example", "model");
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");

    private record Answer(String text, TokenUsage usage) {}

    private final Consumer<String> out;

    /** A cent for a thousand tokens; 40 cents a day, and two levels of agents under the planner. */
    private final Budget day = Budget.root("planner")
            .usd("0.40")
            .per(BudgetWindow.daily(ZoneId.of("UTC")))
            .depth(2)
            .prices((model, usage) -> new BigDecimal("0.00001")
                    .multiply(BigDecimal.valueOf(usage.inputOr(0) + usage.outputOr(0))))
            .instantSource(() -> NOW)
            .build();

    private SharedBudget(Consumer<String> out) {
        this.out = out;
    }

    /** The only place that knows of budgets below the agents: it charges whatever budget the Context names. */
    private Mono<Answer> ask(String prompt) {
        Charge charge = Charge.of(MODEL, TokenEstimate.of(200, 800));
        return Mono.fromSupplier(() -> new Answer("about " + prompt, TokenUsage.of(200, 600)))
                .transform(Budget.charging(charge, Answer::usage));
    }

    /** What an agent is: it knows nothing of budgets. */
    private Mono<String> agent(String prompt) {
        return ask(prompt).map(Answer::text);
    }

    /** Asks without end. */
    private Mono<Long> runaway() {
        return Flux.range(1, Integer.MAX_VALUE)
                .concatMap(i -> agent("more " + i))
                .count();
    }

    /** Delegates without end: each agent gives the next a part of its own budget. */
    private Mono<String> delegate(int level) {
        return Mono.deferContextual(context -> {
            Budget mine = Budget.of(context);
            Budget next = mine.child("helper", BudgetLimits.none().usd("0.02"));
            return agent("level " + level)
                    .then(delegate(level + 1))
                    .contextWrite(Sluice.budget(next))
                    .doFinally(signal -> next.dispose());
        });
    }

    private Mono<Void> work() {
        Budget researcher = day.child("researcher", BudgetLimits.none().usd("0.10"));
        Budget writer = day.child("writer", BudgetLimits.none().usd("0.15"));
        Mono<String> planned = agent("the plan").doOnNext(text -> out.accept("planner     " + text));
        Mono<String> researched = runaway()
                .map(answers -> "it ended after " + answers + " answers")
                .contextWrite(Sluice.budget(researcher))
                .onErrorResume(SluiceException.class, stopped -> Mono.just("was stopped: " + stopped.getMessage()))
                .doOnNext(text -> out.accept("researcher  " + text));
        Mono<String> delegated = delegate(1)
                .contextWrite(Sluice.budget(day))
                .onErrorResume(
                        DelegationRefusedException.class, stopped -> Mono.just("was stopped: " + stopped.getMessage()))
                .doOnNext(text -> out.accept("helper      " + text));
        Mono<String> written = agent("the text")
                .contextWrite(Sluice.budget(writer))
                .doOnNext(text -> out.accept("writer      " + text));
        return planned.then(researched).then(delegated).then(written).then().contextWrite(Sluice.budget(day));
    }

    /** Runs it and prints what happens. */
    public static void run(Consumer<String> out) {
        SharedBudget example = new SharedBudget(out);
        example.work().block();
        BudgetPicture.of(example.day.snapshot(), NOW, false).forEach(out);
        Money spent = example.day.snapshot().spent().money();
        if (spent.compareTo(Money.usd("0.40")) > 0
                || example.day.snapshot().openReservations() != 0
                || !spent.equals(Money.usd("0.128"))) {
            throw new IllegalStateException("this should not have happened: " + spent + " were spent");
        }
    }

    public static void main(String[] arguments) {
        run(System.out::println);
    }
}
