package io.sluice.time;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** A task that remembers what it was told, and when by a clock. One thread at a time. */
final class Told implements Timeout.Task {

    private final TimeSource time;
    final List<Long> dueAt = new ArrayList<>();
    final List<RejectedExecutionException> rejections = new ArrayList<>();

    Told(TimeSource time) {
        this.time = time;
    }

    @Override
    public void due() {
        dueAt.add(time.nanos());
    }

    @Override
    public void rejected(RejectedExecutionException reason) {
        rejections.add(reason);
    }
}
