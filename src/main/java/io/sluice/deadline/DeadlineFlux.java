package io.sluice.deadline;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** A call with many answers that must begin, go on and end in time. */
final class DeadlineFlux<T> extends FluxOperator<T, T> {

    private final Deadline deadline;
    private final Deadline.Part part;

    private DeadlineFlux(Flux<T> source, Deadline deadline, Deadline.Part part) {
        super(source);
        this.deadline = deadline;
        this.part = part;
    }

    static <T> Flux<T> of(Flux<T> source, Deadline deadline, Deadline.Part part) {
        return onAssembly(new DeadlineFlux<>(source, deadline, part));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Bounds bounds;
        try {
            bounds = deadline.ofFlux(part, actual.currentContext());
        } catch (Throwable thrown) {
            Operators.error(actual, Operators.onOperatorError(thrown, actual.currentContext()));
            return;
        }
        if (bounds.isEmpty()) {
            source.subscribe(actual);
        } else {
            new StreamCall<T>(deadline, bounds, actual).begin(source);
        }
    }
}
