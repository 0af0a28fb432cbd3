package io.sluice.governor;

import io.sluice.call.Call;
import io.sluice.call.CallListener;
import io.sluice.call.CallRecord;
import io.sluice.time.TimeSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Writes down how calls end, in the log and for whoever listens. */
final class CallRecorder {

    private final @Nullable CallLog log;
    private final @Nullable CallListener listener;
    private final Function<? super Call<?>, String> arguments;
    private final AtomicLong calls = new AtomicLong();

    final TimeSource time;

    CallRecorder(
            int logged, @Nullable CallListener listener, Function<? super Call<?>, String> arguments, TimeSource time) {
        this.log = logged == 0 ? null : new CallLog(logged);
        this.listener = listener;
        this.arguments = arguments;
        this.time = time;
    }

    /** Whether anything is to be written down. */
    boolean isOn() {
        return log != null || listener != null;
    }

    long nextId() {
        return calls.incrementAndGet();
    }

    String arguments(Call<?> call) {
        try {
            return arguments.apply(call);
        } catch (Throwable thrown) {
            dropped(thrown);
            return "unreadable";
        }
    }

    void attemptFailed(long id, Call<?> call, int attempt, Throwable failure) {
        tell(told -> told.attemptFailed(id, call, attempt, failure));
    }

    void ended(CallRecord call) {
        if (log != null) {
            log.add(call);
        }
        tell(told -> told.ended(call));
    }

    private void tell(Consumer<CallListener> what) {
        if (listener != null) {
            try {
                what.accept(listener);
            } catch (Throwable thrown) {
                dropped(thrown);
            }
        }
    }

    private static void dropped(Throwable thrown) {
        Exceptions.throwIfFatal(thrown);
        Operators.onErrorDropped(thrown, Context.empty());
    }

    List<CallRecord> calls() {
        return log == null ? List.of() : log.calls();
    }
}
