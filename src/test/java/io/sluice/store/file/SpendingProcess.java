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
 * Charges as many calls to each of some budgets as it is told to, of two agents in turn, and says what each has cost as soon as
 * its answer is there. It is killed in the middle.
 */
public final class SpendingProcess {

    static final int RESERVED = 100;
    static final int AT_A_TIME = 8;

    private SpendingProcess() {}

    /**
     * @param arguments how many calls, a seed, and the files of the budgets
     */
    public static void main(String[] arguments) {
        int calls = Integer.parseInt(arguments[0]);
        Random random = new Random(Long.parseLong(arguments[1]));
        Flux.range(2, arguments.length - 2)
                .flatMap(i -> spend(i - 2, Path.of(arguments[i]), calls, new Random(random.nextLong())))
                .blockLast();
    }

    private static Mono<Void> spend(int number, Path file, int calls, Random random) {
        Charge charge = Charge.tokens(TokenEstimate.of(0, RESERVED));
        return Budget.root("run").open(BudgetFile.at(file)).flatMap(root -> {
            Budget[] agents = {root.child("a", BudgetLimits.none()), root.child("b", BudgetLimits.none())};
            return Flux.range(0, calls)
                    .flatMap(
                            i -> {
                                int used = random.nextInt(RESERVED + 1);
                                return Mono.just(used)
                                        .transform(agents[i % 2].charge(charge, x -> TokenUsage.output(used)))
                                        .doOnNext(spent -> System.out.println(number + " " + i % 2 + " " + spent));
                            },
                            AT_A_TIME)
                    .then(root.disposeLater());
        });
    }
}
