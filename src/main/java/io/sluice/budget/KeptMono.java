package io.sluice.budget;

import io.sluice.support.HandOver;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A change as a value: made on subscription, complete when it is kept. */
final class KeptMono {

    private KeptMono() {}

    static Mono<Void> of(BudgetTree tree, Runnable change) {
        return Mono.create(sink -> {
            change.run();
            tree.whenKept(new Completion(sink));
        });
    }

    private record Completion(MonoSink<Void> sink) implements HandOver.Work {

        @Override
        public void run() {
            sink.success();
        }

        /** It is told all the same; only where it would be told is there nobody any more. */
        @Override
        public void rejected(RejectedExecutionException reason) {
            sink.success();
        }
    }
}
