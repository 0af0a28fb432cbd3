package io.sluice.retry;

import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** A call that is tried again stands where it stood in the queues that it has been through. */
class RetryPlacesTest {

    private static final long NONE = RetryTicket.NONE;

    private final FailingProvider provider = new FailingProvider();
    private final Object queue = new Object();
    private final List<Long> places = new ArrayList<>();
    private final List<ContextView> contexts = new ArrayList<>();
    private long granted = 6;

    /** Asks the queue for its place, is granted the next number, and fails. */
    private Mono<String> queueing() {
        return Mono.deferContextual(context -> {
            contexts.add(context);
            RetryTicket ticket = RetryTicket.of(context);
            places.add(ticket == null ? NONE : ticket.place(queue));
            granted++;
            if (ticket != null) {
                ticket.granted(queue, granted);
            }
            return Mono.error(serverError());
        });
    }

    private void hear(Mono<String> call) {
        call.subscribe(new Heard<>());
        provider.pass(Duration.ofMinutes(9));
    }

    @Test
    void everyAttemptHasThePlaceOfTheFirst() {
        hear(provider.retry(3).protect(queueing()));
        assertThat(places).containsExactly(NONE, 7L, 7L);
    }

    @Test
    void aRetryInsideAnotherPassesItsPlacesOn() {
        ProviderRetry retry = provider.retry(2);
        hear(retry.protect(retry.protect(queueing())));
        assertThat(places).containsExactly(NONE, 7L, 7L, 7L);
    }

    @Test
    void aRetryInsideAnotherLeavesTheOuterPlaceToOneCallOfTheAttempt() {
        ProviderRetry once = provider.retry(1);
        Mono<String> two = once.protect(queueing()).onErrorResume(error -> once.protect(queueing()));
        hear(provider.retry(2).protect(two));
        assertThat(places).containsExactly(NONE, NONE, 7L, NONE);
    }

    @Test
    void inRetryWhenPlacesCountFromTheSecondAttemptOn() {
        hear(queueing().retryWhen(provider.retry(4)));
        assertThat(places).containsExactly(NONE, NONE, 8L, 8L);
    }

    @Test
    void aRetryWhenInsideAProtectPassesItsPlacesOn() {
        Mono<String> second =
                Mono.deferContextual(context -> Sluice.attempt(context) == 1 ? Mono.error(serverError()) : queueing());
        hear(provider.retry(3).protect(second.retryWhen(provider.retry(2))));
        assertThat(places.subList(0, 2)).containsExactly(NONE, 7L);
    }

    @Test
    void anAttemptIsCountedWhenItBeginsAndNotWhenTheOneBeforeFails() {
        provider.retry(2).protect(queueing()).subscribe(new Heard<>());
        ContextView ofTheFailed = contexts.get(0);
        RetryTicket ticket = RetryTicket.of(ofTheFailed);
        assertThat(Sluice.attempt(ofTheFailed)).isEqualTo(1);
        assertThat(ticket)
                .isNotNull()
                .satisfies(straggler -> assertThat(straggler.place(queue))
                        .as("a call that the failed attempt left running is a new one")
                        .isEqualTo(NONE));
        provider.pass(Duration.ofSeconds(1));
        assertThat(places).containsExactly(NONE, 7L);
        assertThat(Sluice.attempt(ofTheFailed)).isEqualTo(2);
    }

    @Test
    void inRetryWhenTooAnAttemptIsCountedWhenItBegins() {
        queueing().retryWhen(provider.retry(3)).subscribe(new Heard<>());
        provider.pass(Duration.ofSeconds(1));
        ContextView ofTheSecond = contexts.get(1);
        assertThat(Sluice.attempt(ofTheSecond)).isEqualTo(2);
        provider.pass(Duration.ofSeconds(2));
        assertThat(Sluice.attempt(ofTheSecond)).isEqualTo(3);
    }

    @Test
    void inTheQueueOfALimiterACallBetweenTwoRetriesGoesBeforeTheNew() {
        PermitRequest one = PermitRequest.of(ModelKey.of("p", "m"));
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m")
                                .rpm(100)
                                .concurrency(1)
                                .build()))
                .scheduler(provider.clock)
                .build();
        List<String> order = new ArrayList<>();
        Mono<String> call = limiter.withPermit(one, permit -> {
            order.add("call");
            return Mono.error(serverError());
        });
        provider.retry(2).protect(provider.retry(1).protect(call)).subscribe(new Heard<>());
        List<Permit> holder = new ArrayList<>();
        limiter.acquire(one).subscribe(new Heard<>(1, Context.empty()) {
            @Override
            public void onNext(Permit permit) {
                holder.add(permit);
            }
        });
        limiter.withPermit(one, permit -> Mono.fromRunnable(() -> order.add("new")))
                .subscribe(new Heard<>());
        provider.pass(Duration.ofSeconds(1));
        holder.get(0).release();
        provider.pass(Duration.ofNanos(1));
        assertThat(order).containsExactly("call", "call", "new");
        limiter.dispose();
    }

    @Test
    void aQueueThatALaterAttemptMeetsFirstGivesItsPlaceFromThere() {
        Mono<String> call =
                Mono.deferContextual(context -> Sluice.attempt(context) == 1 ? Mono.error(serverError()) : queueing());
        hear(provider.retry(4).protect(call));
        assertThat(places).containsExactly(NONE, 7L, 7L);
    }

    @Test
    void callsOfInnerRetriesThatRunAtOnceShareThePlaceOfTheOuter() {
        for (int round = 0; round < 10_000; round++) {
            RetryTicket outer = new RetryTicket();
            RetryTicket one = new RetryTicket(outer);
            RetryTicket other = new RetryTicket(outer);
            RaceTestUtils.race(() -> one.granted(queue, 1), () -> other.granted(queue, 2));
            outer.nextAttempt();
            long[] found = new long[2];
            RaceTestUtils.race(
                    () -> found[0] = new RetryTicket(outer).place(queue),
                    () -> found[1] = new RetryTicket(outer).place(queue));
            assertThat(Math.min(found[0], found[1])).isBetween(1L, 2L);
            assertThat(Math.max(found[0], found[1])).isEqualTo(NONE);
        }
    }
}
