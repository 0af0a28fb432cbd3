package io.sluice.debounce;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A shared call with many answers, which are kept while it runs for those who join it later. */
final class SharedStream<T> extends SharedCall<T> {

    private final Sinks.Many<T> answers = Sinks.unsafe().many().replay().all();

    SharedStream(String key, Context context, FiringDesk desk) {
        super(key, context, desk);
    }

    @Override
    boolean isStream() {
        return true;
    }

    @Override
    void tell(CoreSubscriber<? super T> member) {
        answers.asFlux().subscribe(member);
    }

    @Override
    public void onNext(T value) {
        if (done) {
            Operators.onNextDropped(value, context);
        } else if (isOver()) {
            Operators.onDiscard(value, context);
        } else {
            answers.tryEmitNext(value);
        }
    }

    @Override
    void tellError(Throwable error) {
        answers.tryEmitError(error);
    }

    @Override
    void tellEnd() {
        answers.tryEmitComplete();
    }
}
