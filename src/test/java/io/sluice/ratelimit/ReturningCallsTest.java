package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.RetryTicket;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import io.sluice.retry.ProviderRetry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Calls that come back for another attempt keep their place in the queue. */
class ReturningCallsTest {

    private final VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(1));
    private final List<String> order = new ArrayList<>();

    private Permit granted(RetryTicket ticket) {
        Caller caller = new Caller();
        one.limiter
                .acquire(tokens(1))
                .contextWrite(context -> ticket.in(reactor.util.context.Context.of(context)))
                .subscribe(caller);
        return caller.permit();
    }

    private void waitAs(String name, RetryTicket ticket) {
        one.limiter
                .withPermit(tokens(1), permit -> Mono.fromRunnable(() -> order.add(name)))
                .contextWrite(context -> ticket.in(reactor.util.context.Context.of(context)))
                .subscribe();
    }

    private void waitAs(String name) {
        waitAs(name, new RetryTicket());
    }

    @Test
    void aCallThatComesBackGoesBeforeAllWhoNeverHadAPermit() {
        RetryTicket ticket = new RetryTicket();
        Permit first = granted(ticket);
        waitAs("b");
        waitAs("c");
        ticket.nextAttempt();
        waitAs("again", ticket);
        waitAs("d");
        first.release();
        one.clock.advanceTime();
        assertThat(order).containsExactly("again", "b", "c", "d");
    }

    @Test
    void thoseWhoComeBackStandInTheOrderOfTheirFirstPermits() {
        List<RetryTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tickets.add(new RetryTicket());
            granted(tickets.get(i)).release();
            tickets.get(i).nextAttempt();
        }
        Permit holder = one.ask(1).permit();
        waitAs("fresh");
        for (int i : new int[] {2, 0, 3, 1}) {
            waitAs("first permit " + i, tickets.get(i));
        }
        holder.release();
        one.clock.advanceTime();
        assertThat(order)
                .containsExactly("first permit 0", "first permit 1", "first permit 2", "first permit 3", "fresh");
    }

    @Test
    void aSecondCallOfTheSameAttemptIsANewOne() {
        RetryTicket ticket = new RetryTicket();
        Permit first = granted(ticket);
        waitAs("b");
        ticket.nextAttempt();
        waitAs("again", ticket);
        waitAs("another of the attempt", ticket);
        first.release();
        one.clock.advanceTime();
        assertThat(order).containsExactly("again", "b", "another of the attempt");
    }

    @Test
    void aCallOfAnotherModelHasNoPlaceHere() {
        RetryTicket ticket = new RetryTicket();
        ticket.granted(new Object(), 1);
        ticket.nextAttempt();
        Permit holder = one.ask(1).permit();
        waitAs("b");
        waitAs("elsewhere", ticket);
        holder.release();
        one.clock.advanceTime();
        assertThat(order).containsExactly("b", "elsewhere");
    }

    @Test
    void threeAttemptsTakeThreePermitsAndHoldNoSlotInBetween() {
        ProviderRetry retry = ProviderRetry.attempts(3).scheduler(one.clock).random(() -> 0);
        List<Throwable> errors = new ArrayList<>();
        retry.protect(one.limiter.withPermit(tokens(10), permit -> Mono.<String>error(new IOException("reset"))))
                .subscribe(value -> {}, errors::add);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(one.snapshot().requests()).isEqualTo(attempt);
            assertThat(one.snapshot().inFlight()).isZero();
            assertThat(one.ask(1).permit()).satisfies(Permit::abandon);
            one.passSeconds(attempt);
        }
        assertThat(errors).hasSize(1);
        assertThat(one.snapshot().tokens()).isEqualTo(30);
    }

    @Test
    void aFurtherAttemptGoesBeforeThoseThatCameInTheMeantime() {
        ProviderRetry retry = ProviderRetry.attempts(2).scheduler(one.clock).random(() -> 0);
        AtomicInteger attempts = new AtomicInteger();
        retry.protect(one.limiter.withPermit(
                        tokens(1),
                        permit -> Mono.<String>defer(() -> {
                            int attempt = attempts.incrementAndGet();
                            order.add("attempt " + attempt);
                            return attempt == 2 ? Mono.just("answer") : Mono.error(new IOException("reset"));
                        })))
                .subscribe();
        Permit holder = one.ask(1).permit();
        waitAs("b");
        waitAs("c");
        one.passSeconds(1);
        assertThat(order).containsExactly("attempt 1");
        holder.release();
        one.clock.advanceTime();
        assertThat(order).containsExactly("attempt 1", "attempt 2", "b", "c");
    }
}
