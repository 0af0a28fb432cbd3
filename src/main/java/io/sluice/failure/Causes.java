package io.sluice.failure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error and what caused it, the outermost first: at most {@value #MOST}, so that a circle ends. */
final class Causes {

    static final int MOST = 32;

    private Causes() {}

    static List<Throwable> of(Throwable error) {
        List<Throwable> chain = new ArrayList<>(4);
        Throwable at = error;
        while (at != null && chain.size() < MOST && !isIn(chain, at)) {
            chain.add(at);
            Throwable outer = at;
            at = Attempted.<Throwable>orNull(outer::getCause);
        }
        return chain;
    }

    /** What was suppressed by any of a chain, each with its causes: at most {@value #MOST} in all. */
    static List<Throwable> suppressedBy(List<Throwable> chain) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable one : chain) {
            for (Throwable suppressed : one.getSuppressed()) {
                for (Throwable at : of(suppressed)) {
                    if (all.size() == MOST) {
                        return all;
                    }
                    all.add(at);
                }
            }
        }
        return all;
    }

    /** By identity: an exception may call itself equal to any other. */
    private static boolean isIn(List<Throwable> chain, @Nullable Throwable error) {
        for (Throwable one : chain) {
            if (one == error) {
                return true;
            }
        }
        return false;
    }
}
