package io.sluice.debounce;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A shared call with one answer. */
final class SharedAnswer<T> extends SharedCall<T> {

    private final Sinks.One<T> answer = Sinks.unsafe().one();

    SharedAnswer(String key, Context context, FiringDesk desk) {
        super(key, context, desk);
    }

    @Override
    boolean isStream() {
        return false;
    }

    @Override
    void tell(CoreSubscriber<? super T> member) {
        answer.asMono().subscribe(member);
    }

    @Override
    public void onNext(T value) {
        if (done) {
            Operators.onNextDropped(value, context);
            return;
        }
        done = true;
        if (!end()) {
            Operators.onDiscard(value, context);
            return;
        }
        forget();
        answer.tryEmitValue(value);
    }

    @Override
    void tellError(Throwable error) {
        answer.tryEmitError(error);
    }

    @Override
    void tellEnd() {
        answer.tryEmitEmpty();
    }
}
