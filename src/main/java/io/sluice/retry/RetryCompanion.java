package io.sluice.retry;

import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.retry.RetryReport.Reason;
import io.sluice.support.ThreadLocals;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import reactor.util.retry.Retry.RetrySignal;

/**
 * The attempts of one subscriber of {@code retryWhen}: for each failure the context of the next attempt when it is time for
 * it, or the failure itself. Failures come one at a time.
 */
final class RetryCompanion {

    private final RetryCount count;
    private final RetryTicket ticket;
    private final Context next;

    private RetryCompanion(ProviderRetry retry, ContextView around) {
        this.count = new RetryCount(retry, retry.rules.idempotent(Sluice.idempotent(around)), retry.time.nanos());
        this.ticket = new RetryTicket(RetryTicket.of(around));
        this.next = ticket.in(Context.of(around));
    }

    static Publisher<?> of(ProviderRetry retry, Flux<RetrySignal> failures) {
        return Flux.deferContextual(around -> {
            RetryCompanion companion = new RetryCompanion(retry, around);
            // What a subscriber further down skips with onErrorContinue is not the end of the attempts.
            return failures.concatMap(signal -> companion.after(signal.failure()))
                    .onErrorStop();
        });
    }

    private Mono<Context> after(Throwable error) {
        // The attempt is subscribed to from within the signal, on whatever thread the wait has ended.
        return ThreadLocals.restoring(Mono.create(sink -> {
            Pause pause = pause(error, sink);
            if (pause == null) {
                sink.error(error);
            } else {
                sink.onDispose(pause);
                pause.begin();
            }
        }));
    }

    private @Nullable Pause pause(Throwable error, MonoSink<Context> sink) {
        // A retry that cannot see elements goes by what the failure says.
        return count.after(error, false, new Pause.Sleeper() {
            @Override
            public void resume() {
                count.next();
                ticket.nextAttempt();
                // A context as the value is that of the next attempt.
                sink.success(next);
            }

            @Override
            public void refused(RejectedExecutionException reason) {
                count.end(error, Reason.SHUT_DOWN);
                sink.error(error);
            }
        });
    }
}
