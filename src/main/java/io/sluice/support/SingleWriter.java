package io.sluice.support;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * State that one thread at a time may touch, without a lock that anybody blocks on. Whoever finds nobody inside enters
 * and is the writer. Who finds somebody looks again for a moment, then leaves a note in the mailbox and goes; the writer
 * carries it out before it leaves. So no note is lost, and none waits for longer than the writer is inside.
 *
 * <p>Before leaving the writer {@link #look}s at what follows from the changes. What is to be told to others is told
 * {@link #afterwards}, when nobody is kept out by it.
 */
@Internal
public abstract class SingleWriter {

    /** A change of the state; runs as the writer, and must neither block nor call a user's code. */
    public interface Note {
        void apply();
    }

    private static final AtomicIntegerFieldUpdater<SingleWriter> WIP =
            AtomicIntegerFieldUpdater.newUpdater(SingleWriter.class, "wip");

    /** About as long as a writer takes for one change. Plain reads: a pause instruction counts as blocking. */
    private static final int SPINS = 50;

    private final Queue<Note> mailbox = Queues.<Note>unboundedMultiproducer().get();
    private volatile int wip;

    /** Becomes the writer, unless somebody is. Who has entered must {@link #leave}. */
    protected final boolean tryEnter() {
        for (int i = 0; i < SPINS; i++) {
            if (wip == 0 && WIP.compareAndSet(this, 0, 1)) {
                readMail();
                return true;
            }
        }
        return false;
    }

    /** Has a note carried out by whoever is the writer, which may be this thread. */
    protected final void post(Note note) {
        mailbox.offer(note);
        if (WIP.getAndIncrement(this) == 0) {
            readMail();
            leave();
        }
    }

    /** Carries out a note as the writer, or has it carried out. */
    protected final void run(Note note) {
        if (tryEnter()) {
            try {
                note.apply();
            } finally {
                leave();
            }
        } else {
            post(note);
        }
    }

    /** Ends being the writer: looks, leaves, and does what is to be done afterwards. */
    protected final void leave() {
        attempt(this::look);
        for (int missed = WIP.addAndGet(this, -1); missed != 0; missed = WIP.addAndGet(this, -missed)) {
            readMail();
            attempt(this::look);
        }
        afterwards();
    }

    private void readMail() {
        for (Note note = mailbox.poll(); note != null; note = mailbox.poll()) {
            attempt(note);
        }
    }

    /** Whatever is thrown, even for want of stack: a writer that does not leave keeps everybody out for ever. */
    private static void attempt(Note note) {
        try {
            note.apply();
        } catch (Throwable defect) {
            Operators.onErrorDropped(defect, Context.empty());
        }
    }

    /** By the writer, after its changes: does what follows from them. */
    protected abstract void look();

    /** By a thread that was the writer and is not any more: tells others what was decided. Several may be at it. */
    protected abstract void afterwards();
}
