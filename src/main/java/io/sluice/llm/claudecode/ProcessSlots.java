package io.sluice.llm.claudecode;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs so many tasks at once, each on a thread of its own, and the others after them in their order. Nobody who hands one in
 * is held up.
 *
 * <p>Threads of the platform, also where there are virtual ones: reading from a process holds on to the thread below, and
 * many processes would stop every virtual thread of the program. A process costs more than its threads do.
 */
final class ProcessSlots {

    private final AtomicInteger free;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    ProcessSlots(int slots) {
        this.free = new AtomicInteger(slots);
    }

    /** Starts a thread that ends with the program. */
    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a task now, or as soon as its turn has come. */
    void run(Runnable task) {
        waiting.add(task);
        next();
    }

    /** Forgets a task that has not begun. */
    void forget(Runnable task) {
        waiting.remove(task);
    }

    private void next() {
        // Looked at again after each slot that was not needed: a task may have come meanwhile.
        while (!waiting.isEmpty() && take()) {
            Runnable task = waiting.poll();
            if (task == null) {
                free.incrementAndGet();
            } else {
                start("sluice-claude-code", () -> {
                    try {
                        task.run();
                    } finally {
                        free.incrementAndGet();
                        next();
                    }
                });
            }
        }
    }

    private boolean take() {
        return free.getAndUpdate(slots -> Math.max(0, slots - 1)) > 0;
    }
}
