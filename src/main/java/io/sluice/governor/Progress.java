package io.sluice.governor;

import org.jspecify.annotations.Nullable;

/** How far one subscription has come, for whoever tells its outcome. Written by one signal at a time. */
final class Progress {

    private volatile int attempts;
    private volatile @Nullable String fallback;
    private volatile @Nullable Throwable replaced;

    /** Another attempt is made. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // attempts follow each other
    void attempt() {
        attempts++;
    }

    /** How many attempts were made. */
    int attempts() {
        return attempts;
    }

    /** A fallback takes the place of what failed. */
    void fallsBack(String to, Throwable failure) {
        fallback = to;
        if (replaced == null) {
            replaced = failure;
        }
    }

    /** The fallback that was taken last; null where none was. */
    @Nullable
    String fallback() {
        return fallback;
    }

    /** What the governed call failed with before a fallback took its place. */
    @Nullable
    Throwable replaced() {
        return replaced;
    }
}
