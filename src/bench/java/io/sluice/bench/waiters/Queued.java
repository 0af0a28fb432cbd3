package io.sluice.bench.waiters;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** A library whose only permit is taken, so that whoever asks has to wait. */
interface Queued extends AutoCloseable {

    String name();

    /** A call that waits for a permit and gives it back at once. */
    Publisher<?> call();

    /** Lets all waiters go on. */
    void open();

    /** How many permits are free; negative where they were promised to those who wait. */
    long free();

    /** How many still wait; null where nobody can tell. */
    @Nullable
    Long waiting();

    @Override
    void close();
}
