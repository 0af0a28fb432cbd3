package io.sluice.batch;

import java.util.concurrent.Semaphore;

/**
 * How many bytes of input are worked on at once. A line is kept as text, as a tree and as what is sent, so what a heap can
 * take is a small part of it; a line that is larger than the budget has it for itself.
 */
final class ByteBudget {

    /** Of the heap: 1/16 of it in lines is about a third of it in all. */
    private static final int SHARE = 16;

    private static final int UNIT = 1_024;

    private final int units;
    private final Semaphore free;

    ByteBudget(long bytes) {
        this.units = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT));
        this.free = new Semaphore(units);
    }

    static ByteBudget ofHeap() {
        return new ByteBudget(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** Waits until there is room, blocking: for the thread that reads the input only. */
    void take(long bytes) throws InterruptedException {
        free.acquire(units(bytes));
    }

    void giveBack(long bytes) {
        free.release(units(bytes));
    }

    private int units(long bytes) {
        return (int) Math.min(units, 1 + bytes / UNIT);
    }
}
