package io.sluice.llm;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** One call that blocks, on a thread that may. */
final class BlockingRun<T> implements Runnable, Disposable {

    /** Makes virtual threads; null before JDK 21. */
    private static final @Nullable ThreadFactory VIRTUAL = virtual();

    private final Callable<? extends @Nullable T> call;
    private final MonoSink<T> sink;

    /** Within the call and only there, so that the interrupt meets nothing else that the thread does. Guarded by this. */
    private @Nullable Thread caller;
    /** Whether nobody waits any longer. Guarded by this. */
    private boolean disposed;

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

    private synchronized boolean enter() {
        if (!disposed) {
            caller = Thread.currentThread();
        }
        return !disposed;
    }

    private synchronized boolean leave() {
        caller = null;
        if (disposed) {
            // The thread belongs to others after this.
            boolean unused = Thread.interrupted();
        }
        return !disposed;
    }

    @Override
    public synchronized void dispose() {
        disposed = true;
        if (caller != null) {
            caller.interrupt();
        }
    }

    @Override
    public synchronized boolean isDisposed() {
        return disposed;
    }
}
