package io.sluice.llm;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** One call that blocks, on a thread that may. */
final class BlockingRun<T> implements Runnable, Disposable {

    private enum State {
        NEW,
        /** Within the call and only there, so that an interrupt meets nothing else that the thread does. */
        CALLING,
        /** Being interrupted, which takes a few instructions. */
        INTERRUPTING,
        DONE,
        DISPOSED
    }

    /** Makes virtual threads; null before JDK 21. */
    private static final @Nullable ThreadFactory VIRTUAL = virtual();

    private final Callable<? extends @Nullable T> call;
    private final MonoSink<T> sink;

    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    /** Who is within the call; written before the state that says so. */
    private @Nullable Thread caller;

    BlockingRun(Callable<? extends @Nullable T> call, MonoSink<T> sink) {
        this.call = call;
        this.sink = sink;
    }

    private static @Nullable ThreadFactory virtual() {
        try {
            // By name, because this is compiled for older JDKs too.
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method name = type.getMethod("name", String.class, long.class);
            return (ThreadFactory) type.getMethod("factory").invoke(name.invoke(builder, "sluice-blocking-", 0L));
        } catch (ReflectiveOperationException notThisJdk) {
            return null;
        }
    }

    void start() {
        if (VIRTUAL != null) {
            VIRTUAL.newThread(this).start();
            return;
        }
        try {
            // Disposed of by this run, which knows when an interrupt is safe.
            Disposable unused = Schedulers.boundedElastic().schedule(this);
        } catch (RejectedExecutionException full) {
            sink.error(full);
        }
    }

    @Override
    public void run() {
        if (!enter()) {
            return;
        }
        T answer = null;
        Throwable failure = null;
        try {
            answer = call.call();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (!leave()) {
            return;
        }
        if (failure != null) {
            sink.error(failure);
        } else if (answer != null) {
            sink.success(answer);
        } else {
            sink.success();
        }
    }

    private boolean enter() {
        caller = Thread.currentThread();
        return state.compareAndSet(State.NEW, State.CALLING);
    }

    private boolean leave() {
        if (state.compareAndSet(State.CALLING, State.DONE)) {
            return true;
        }
        while (state.get() == State.INTERRUPTING) {
            // The interrupt is on its way to this thread, and must not meet what it does next.
        }
        // The thread belongs to others after this.
        boolean unused = Thread.interrupted();
        return false;
    }

    @Override
    public void dispose() {
        if (state.compareAndSet(State.NEW, State.DISPOSED)) {
            return;
        }
        if (state.compareAndSet(State.CALLING, State.INTERRUPTING)) {
            Thread within = caller;
            if (within != null) {
                within.interrupt();
            }
            state.set(State.DISPOSED);
        }
    }

    @Override
    public boolean isDisposed() {
        State now = state.get();
        return now == State.INTERRUPTING || now == State.DISPOSED;
    }
}
