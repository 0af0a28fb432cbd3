package io.sluice.matrix;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every operator in every situation. A cell that cannot be is skipped, and says why. The class fails as a whole where
 * anything blocks a thread that must not block.
 */
@Isolated
class MatrixTest {

    @TestFactory
    Stream<DynamicNode> everyOperatorInEverySituation() {
        return Operators.all().entrySet().stream()
                .map(row -> DynamicContainer.dynamicContainer(
                        row.getKey(),
                        Arrays.stream(Situation.values())
                                .map(situation -> DynamicTest.dynamicTest(situation.title(), () -> {
                                    String reason = row.getValue().apply(null).notApplicable(situation);
                                    if (reason != null) {
                                        Assumptions.abort(reason);
                                    }
                                    new Cell(row.getValue()).in(situation);
                                }))));
    }
}
