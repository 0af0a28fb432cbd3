package io.sluice.cli;

import io.sluice.batch.Batch;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or the end of the session, while a batch runs: what is in flight is finished, its results are written, and the
 * program ends; after 30 seconds it ends in any case.
 */
final class GracefulStop {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook;

    private GracefulStop(Batch batch, PrintWriter err) {
        this.hook = new Thread(() -> stop(batch, err), "sluice-stop");
    }

    static GracefulStop of(Batch batch, PrintWriter err) {
        GracefulStop stop = new GracefulStop(batch, err);
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    private void stop(Batch batch, PrintWriter err) {
        err.println("sluice: interrupted; finishing the calls in flight, at most " + GRACE.toSeconds() + " s");
        err.flush();
        batch.finish();
        try {
            if (!over.await(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                err.println("sluice: some calls did not end in time; they have no result");
                err.flush();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** The batch has ended and everything was told. */
    void over() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook is running, and waits for the latch above.
        }
    }
}
