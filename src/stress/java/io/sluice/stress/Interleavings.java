package io.sluice.stress;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** Runs small random programs of two threads in the orders that a machine could choose, and prints what was tried. */
final class Interleavings {

    private static final int PROGRAMS = 10;
    private static final int ORDERS = 300;

    private Interleavings() {}

    public static void main(String[] arguments) {
        check(BudgetOrders.class);
    }

    private static void check(Class<?> structure) {
        new ModelCheckingOptions()
                .iterations(PROGRAMS)
                .invocationsPerIteration(ORDERS)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(structure);
        System.out.println(structure.getSimpleName() + ": " + PROGRAMS + " programs in up to " + ORDERS
                + " orders each: every answer is one that some order explains");
    }
}
