package io.sluice.approval;

import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** What a flow does although nobody is subscribed to it; ends with the flow. */
final class Errands implements Disposable {

    private final TimeSource time;
    private final Disposable.Composite running = Disposables.composite();

    Errands(TimeSource time) {
        this.time = time;
    }

    /** Does something; what fails is dropped, as there is nobody to tell. */
    void run(Mono<?> errand) {
        if (running.isDisposed()) {
            return;
        }
        Disposable.Swap own = Disposables.swap();
        running.add(own);
        own.update(errand.doFinally(end -> running.remove(own))
                .subscribe(done -> {}, failure -> Operators.onErrorDropped(failure, Context.empty())));
    }

    /** Something that, once it is subscribed to, goes on when its subscriber leaves; done once, for all its subscribers. */
    <T> Mono<T> carriedToItsEnd(Mono<T> work) {
        return Mono.defer(() -> {
            Mono<T> shared = work.cache();
            // A failure is told to the subscriber; here it needs no listener.
            shared.subscribe(done -> {}, failure -> {});
            return shared;
        });
    }

    /** Fails with an error if something has not ended in time. */
    <T> Mono<T> within(Duration limit, Mono<T> work, String what) {
        Mono<T> late = Mono.create(sink -> {
            Timeout timeout = time.schedule(TimeSource.after(time.nanos(), limit), new Timeout.Task() {
                @Override
                public void due() {
                    sink.error(new CompletionException(what + " took longer than " + limit, null));
                }

                @Override
                public void rejected(RejectedExecutionException reason) {
                    sink.error(reason);
                }
            });
            sink.onDispose(timeout);
        });
        return Mono.firstWithSignal(work, late);
    }

    @Override
    public void dispose() {
        running.dispose();
    }

    @Override
    public boolean isDisposed() {
        return running.isDisposed();
    }
}
