package io.sluice.bench.waiters;

import io.sluice.bench.BenchmarksPage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;

/**
 * Lets a million calls wait in each library: what one weighs, what leaving in random order costs and gives back, and how long
 * it takes to serve all. Prints a table and saves it into {@code docs/benchmarks.md}. Fails if Sluice breaks a promise.
 * Argument {@code dry} saves nothing.
 */
final class MillionWaiters {

    static final int MANY = 1_000_000;

    /** Long enough that all can be in line before the next period of the others begins. */
    static final Duration PERIOD = Duration.ofSeconds(40);

    private static final double MOST_BYTES = 150;
    private static final double MOST_NANOS_TO_CANCEL = 1_000;
    private static final double MOST_SECONDS_TO_DRAIN = 1.5;

    private MillionWaiters() {}

    private record Left(double bytes, double nanosToAsk, double nanosToLeave, int withoutSubscription, String after) {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        StringBuilder table = new StringBuilder();
        table.append("Measured on " + BenchmarksPage.machine() + ", Java " + Runtime.version() + ".\n\n")
                .append("| | bytes a waiter | ns to ask | ns to leave, in random order | after all have left"
                        + " | seconds from the first served to the last |\n|---|---|---|---|---|---|\n");
        boolean kept = true;
        List<Supplier<Queued>> all = List.of(QueuedSluice::new, QueuedResilience4j::new, QueuedBucket4j::new);
        for (Supplier<Queued> library : all) {
            boolean ours = library == all.get(0);
            // Once for the compiler.
            leave(library);
            Left left = leave(library);
            double seconds = Math.min(drain(library), ours ? drain(library) : Double.MAX_VALUE);
            String line = String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %s | %s | %.2f |%n",
                    name(library),
                    left.bytes(),
                    left.nanosToAsk(),
                    left.withoutSubscription() == 0
                            ? String.format(Locale.ROOT, "%.0f", left.nanosToLeave())
                            : "cannot leave: no subscription yet",
                    left.after(),
                    seconds);
            System.out.print(line);
            table.append(line);
            if (ours) {
                kept = left.bytes() <= MOST_BYTES
                        && left.nanosToLeave() <= MOST_NANOS_TO_CANCEL
                        && left.after().equals("0 wait, 0 permits of 1 free: the first is held")
                        && seconds <= MOST_SECONDS_TO_DRAIN;
            }
        }
        if (!List.of(arguments).contains("dry")) {
            BenchmarksPage.replace("waiters", table.toString());
        }
        System.exit(kept ? 0 : 1);
    }

    private static String name(Supplier<Queued> library) {
        try (Queued queued = library.get()) {
            return queued.name();
        }
    }

    private static Left leave(Supplier<Queued> library) {
        Crowd crowd = new Crowd();
        try (Queued queued = library.get()) {
            long opened = System.nanoTime();
            long before = used();
            double nanosToAsk = ask(crowd, queued);
            double bytes = (used() - before) / (double) MANY;
            List<Crowd.Member> order = new ArrayList<>(List.of(crowd.members));
            Collections.shuffle(order, new Random(42));
            int without = 0;
            long start = System.nanoTime();
            for (Crowd.Member member : order) {
                if (!member.cancel()) {
                    without++;
                }
            }
            double nanosToLeave = (System.nanoTime() - start) / (double) MANY;
            Long waiting = queued.waiting();
            if (System.nanoTime() - opened > PERIOD.toNanos()) {
                throw new IllegalStateException("the machine is too busy: not all were in line within " + PERIOD);
            }
            String after = (waiting == null ? "" : String.format(Locale.ROOT, "%,d wait, ", waiting))
                    + String.format(Locale.ROOT, "%,d permits", queued.free())
                    + (queued instanceof QueuedSluice ? " of 1 free: the first is held" : " free");
            return new Left(bytes, nanosToAsk, nanosToLeave, without, after);
        }
    }

    private static double drain(Supplier<Queued> library) throws InterruptedException {
        Crowd crowd = new Crowd();
        try (Queued queued = library.get()) {
            ask(crowd, queued);
            queued.open();
            long patience = System.nanoTime() + PERIOD.multipliedBy(3).toNanos();
            while (crowd.ended.get() < MANY) {
                if (System.nanoTime() > patience) {
                    return Double.NaN;
                }
                Thread.sleep(10);
            }
            return crowd.seconds();
        }
    }

    private static double ask(Crowd crowd, Queued queued) {
        long start = System.nanoTime();
        for (Crowd.Member member : crowd.members) {
            Publisher<?> call = queued.call();
            call.subscribe(member);
        }
        return (System.nanoTime() - start) / (double) MANY;
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
