package io.sluice.cli;

import io.sluice.batch.BatchSummary;
import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.ratelimit.UnknownModelException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Shows how far a batch is: a bar on a terminal, else a line now and then. */
final class BatchProgress {

    private static final Duration BAR = Duration.ofMillis(250);
    private static final Duration LINE = Duration.ofSeconds(2);
    private static final int QUICK_LINES = 30;
    private static final int SLOW = 5;
    private static final int SHOWN_MODELS = 10;
    /** As wide as the narrowest usual terminal: a line that wraps is not drawn over. */
    private static final int MESSAGE_WIDTH = 79;

    private final Supplier<BatchSummary> numbers;
    private final ModelRateLimiter limiter;
    private final long size;
    private final PrintWriter err;
    private final @Nullable ProgressBar bar;
    private final Disposable ticking;
    private final long started = System.nanoTime();

    /**
     * @param numbers how far it is
     * @param limiter whose queues are shown
     * @param size how many bytes the input has; 0 where that is unknown
     * @param terminal whether somebody looks on
     * @param err where lines go
     */
    BatchProgress(
            Supplier<BatchSummary> numbers, ModelRateLimiter limiter, long size, boolean terminal, PrintWriter err) {
        this.numbers = numbers;
        this.limiter = limiter;
        this.size = size;
        this.err = err;
        this.bar = terminal ? bar(size) : null;
        this.ticking = Flux.interval(terminal ? BAR : LINE, Schedulers.newSingle("sluice-progress", true))
                .onBackpressureDrop()
                .subscribe(this::show, failed -> {});
    }

    private static ProgressBar bar(long size) {
        return new ProgressBarBuilder()
                .setTaskName("batch")
                .setInitialMax(size == 0 ? -1 : size)
                .setUnit("kB", 1024)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, MESSAGE_WIDTH))
                .build();
    }

    private void show(long tick) {
        BatchSummary now = numbers.get();
        if (bar != null) {
            bar.stepTo(now.bytes());
            bar.setExtraMessage(
                    String.format(Locale.ROOT, " %,d done, %,d failed", now.lines() + now.skipped(), now.failed()));
        } else if (tick < QUICK_LINES || tick % SLOW == 0) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
            String share =
                    size == 0 ? "" : String.format(Locale.ROOT, "%3d %%  ", Math.min(100, 100 * now.bytes() / size));
            err.println(String.format(Locale.ROOT, "%4d s  %s%s", seconds, share, counts(now)));
            err.flush();
        }
    }

    private String counts(BatchSummary now) {
        long sent = 0;
        long waiting = 0;
        int shown = 0;
        for (ModelKey key : now.models().keySet()) {
            if (shown++ == SHOWN_MODELS) {
                break;
            }
            try {
                RateLimitSnapshot snapshot = limiter.snapshot(key);
                sent += snapshot.inFlight();
                waiting += snapshot.pending();
            } catch (UnknownModelException withoutLimits) {
                // Its lines were refused; none of them waits or is sent.
            }
        }
        String before = now.skipped() == 0 ? "" : String.format(Locale.ROOT, "%,d done before, ", now.skipped());
        return String.format(
                Locale.ROOT,
                "%s%,d done, %,d failed, %,d in flight, %,d waiting for the limits",
                before,
                now.lines(),
                now.failed(),
                sent,
                waiting);
    }

    /** Nothing more will happen. */
    void end() {
        ticking.dispose();
        if (bar != null) {
            show(0);
            bar.close();
        }
    }
}
