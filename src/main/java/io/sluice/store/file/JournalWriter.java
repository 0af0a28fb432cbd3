package io.sluice.store.file;

import io.sluice.SluiceException;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/** Does what is asked of a {@link Journal}, one piece after the other, where blocking is allowed. */
final class JournalWriter {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final Duration SYNC_EVERY = Duration.ofSeconds(1);

    /** So many bytes are written at once, unless one record is more. */
    private static final int GROUP = 1 << 18;

    /** What may fail. */
    private interface Work {

        void run() throws IOException;
    }

    /** One piece of work; afterwards one of the two is called. */
    private interface Step extends Work {

        void done();

        void failed(Throwable reason);
    }

    private final Path path;
    private final String kind;
    private final TimeSource time;
    private final Supplier<Scheduler> schedulers;

    private final Queue<Step> steps = Queues.<Step>unboundedMultiproducer().get();
    /** Steps that were asked for; whoever raises it from zero hands them to the scheduler. */
    private final AtomicInteger asked = new AtomicInteger();

    /** Null before the journal is open and after it was closed. Written where the steps are done. */
    private volatile @Nullable JournalFile file;

    private volatile long compacted;

    // Touched only where the steps are done.
    private boolean over;
    private @Nullable Timeout nextSync;

    JournalWriter(Path path, String kind, TimeSource time, Supplier<Scheduler> schedulers) {
        this.path = path;
        this.kind = kind;
        this.time = time;
        this.schedulers = schedulers;
    }

    long size() {
        JournalFile open = file;
        return open == null ? 0 : open.size();
    }

    /** The size that the last compaction left; 0 where there was none. */
    long compacted() {
        return compacted;
    }

    void replay(Consumer<? super JournalRecord> reader, MonoSink<JournalReplay> told) {
        ask(new Replay(reader, told));
    }

    void append(byte[] record, Journal.Told told) {
        ask(new Append(record, told));
    }

    void compact(List<byte[]> snapshot, Journal.Told told) {
        ask(new Change(told) {
            @Override
            public void run() throws IOException {
                JournalFile open = open();
                open.rewrite(snapshot);
                compacted = open.size();
            }
        });
    }

    void close(Journal.Told told) {
        ask(new Change(told) {
            @Override
            public void run() throws IOException {
                over = true;
                Timeout standing = nextSync;
                if (standing != null) {
                    standing.dispose();
                }
                JournalFile open = file;
                file = null;
                if (open != null) {
                    open.close();
                }
            }
        });
    }

    // ---- the line ----

    private void ask(Step step) {
        steps.offer(step);
        if (asked.getAndIncrement() != 0) {
            return;
        }
        try {
            schedulers.get().schedule(this::work);
        } catch (RejectedExecutionException refused) {
            refuseAll(refused);
        }
    }

    private void refuseAll(RejectedExecutionException reason) {
        int missed = 1;
        do {
            for (Step step = steps.poll(); step != null; step = steps.poll()) {
                tell(step, reason);
            }
            missed = asked.addAndGet(-missed);
        } while (missed != 0);
    }

    private void work() {
        int missed = 1;
        do {
            Step step = steps.poll();
            while (step != null) {
                if (step instanceof Append first) {
                    step = appendWithFollowing(first);
                } else {
                    tell(step, attempt(step));
                    step = steps.poll();
                }
            }
            syncLater();
            missed = asked.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Writes as many appends as stand in line, and returns what stands behind them. */
    private @Nullable Step appendWithFollowing(Append first) {
        List<Append> group = new ArrayList<>();
        int size = 0;
        Step step = first;
        while (step instanceof Append append && size < GROUP) {
            group.add(append);
            size += append.record.length;
            step = steps.poll();
        }
        Throwable failure = attempt(
                () -> open().append(group.stream().map(append -> append.record).toList()));
        for (Append append : group) {
            tell(append, failure);
        }
        return step;
    }

    /** Whatever is thrown, even an Error: who waits for an answer must not wait for ever. */
    private static @Nullable Throwable attempt(Work work) {
        try {
            work.run();
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    private static void tell(Step step, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                step.done();
            } else {
                step.failed(failure);
            }
        } catch (Throwable thrown) {
            // By whoever was told. The others are still to be served.
            Operators.onErrorDropped(thrown, Context.empty());
        }
    }

    private SluiceException typed(Throwable failure) {
        return failure instanceof SluiceException known ? known : new JournalUnwritableException(path, failure);
    }

    private JournalFile open() {
        JournalFile open = file;
        if (open == null) {
            throw new JournalClosedException(path, over);
        }
        return open;
    }

    private void syncLater() {
        JournalFile open = file;
        Timeout standing = nextSync;
        if (open != null && open.isUnsynced() && (standing == null || standing.isDisposed())) {
            nextSync = time.schedule(TimeSource.after(time.nanos(), SYNC_EVERY), new SyncDue());
        }
    }

    // ---- the steps ----

    /** Whose outcome is told to somebody. */
    private abstract class Change implements Step {

        final Journal.Told told;

        Change(Journal.Told told) {
            this.told = told;
        }

        @Override
        public void done() {
            told.written();
        }

        @Override
        public void failed(Throwable reason) {
            told.failed(typed(reason));
        }
    }

    /** A record in line; written together with those behind it. */
    private final class Append extends Change {

        private final byte[] record;

        Append(byte[] record, Journal.Told told) {
            super(told);
            this.record = record;
        }

        @Override
        public void run() throws IOException {
            open().append(List.of(record));
        }
    }

    private final class Replay implements Step {

        private final Consumer<? super JournalRecord> reader;
        private final MonoSink<JournalReplay> told;
        private JournalReplay outcome = JournalReplay.NOTHING;

        Replay(Consumer<? super JournalRecord> reader, MonoSink<JournalReplay> told) {
            this.reader = reader;
            this.told = told;
        }

        @Override
        public void run() throws IOException {
            if (over) {
                throw new JournalClosedException(path, true);
            }
            if (file != null) {
                throw new IllegalStateException(path + " is open already; a journal is replayed once");
            }
            over = true;
            JournalFile owned = JournalFile.own(path, kind);
            try {
                outcome = owned.replay(reader);
                file = owned;
                over = false;
            } finally {
                if (over) {
                    owned.close();
                }
            }
            if (outcome.isTorn()) {
                LOG.warn("{} ends in {} bytes of a record that was cut; they are dropped", path, outcome.tornBytes());
            }
        }

        @Override
        public void done() {
            told.success(outcome);
        }

        @Override
        public void failed(Throwable reason) {
            told.error(reason instanceof IOException failure ? typed(failure) : reason);
        }
    }

    private final class SyncDue implements Timeout.Task {

        @Override
        public void due() {
            ask(new Sync());
        }

        /** The scheduler is gone, and nobody will wait for a second any more. */
        @Override
        public void rejected(RejectedExecutionException reason) {
            ask(new Sync());
        }
    }

    private final class Sync implements Step {

        @Override
        public void run() throws IOException {
            JournalFile open = file;
            if (open != null) {
                open.sync();
            }
        }

        @Override
        public void done() {}

        @Override
        public void failed(Throwable reason) {
            LOG.warn(
                    "{} may not survive a power cut, and takes no more changes: {}",
                    path,
                    typed(reason).getMessage());
        }
    }
}
