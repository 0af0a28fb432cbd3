package io.sluice.store.file;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.nio.file.Path;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Charges as many calls as it is told to, of two agents in turn, and says what each has cost as soon as its answer is there. It
 * is killed in the middle.
 */
public final class SpendingProcess {

    static final int RESERVED = 100;
    static final int AT_A_TIME = 8;

    private SpendingProcess() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        int calls = Integer.parseInt(arguments[1]);
        Random random = new Random(Long.parseLong(arguments[2]));
        Budget root = Budget.root("run").open(BudgetFile.at(file)).block();
        Budget[] agents = {root.child("a", BudgetLimits.none()), root.child("b", BudgetLimits.none())};
        System.out.println("ready");
        Charge charge = Charge.tokens(TokenEstimate.of(0, RESERVED));
        Flux.range(0, calls)
                .flatMap(
                        i -> {
                            int used = random.nextInt(RESERVED + 1);
                            return Mono.just(used)
                                    .transform(agents[i % 2].charge(charge, x -> TokenUsage.output(used)))
                                    .doOnNext(spent -> System.out.println(i % 2 + " " + spent));
                        },
                        AT_A_TIME)
                .blockLast();
        System.out.println("done");
        root.disposeLater().block();
    }
}
