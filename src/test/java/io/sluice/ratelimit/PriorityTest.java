package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.KEY;
import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.call.CallContext;
import io.sluice.call.Priority;
import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Who goes first by priority, and for how long that is worth something. */
class PriorityTest {

    private final VirtualLimiter one =
            new VirtualLimiter(profile -> profile.concurrency(1), limiter -> limiter.aging(Duration.ofSeconds(30)));
    private final List<String> order = new ArrayList<>();
    private final Permit holder = one.ask(1).permit();

    private Disposable waitAs(String name, PermitRequest request) {
        return one.limiter
                .withPermit(request, permit -> Mono.fromRunnable(() -> order.add(name)))
                .subscribe();
    }

    private Disposable waitAs(String name, Priority priority) {
        return waitAs(name, tokens(1).priority(priority));
    }

    private void waitWith(CallContext said, String name, PermitRequest request) {
        one.limiter
                .withPermit(request, permit -> Mono.fromRunnable(() -> order.add(name)))
                .contextWrite(said)
                .subscribe();
    }

    private void letGo() {
        holder.release();
        one.clock.advanceTime();
    }

    @Test
    void higherClassesGoFirstAndWithinAClassWhoCameFirst() {
        waitAs("low", Priority.LOW);
        waitAs("normal", Priority.NORMAL);
        waitAs("said nothing", tokens(1));
        waitAs("high", Priority.HIGH);
        waitAs("high too", Priority.HIGH);
        waitAs("low too", Priority.LOW);
        letGo();
        assertThat(order).containsExactly("high", "high too", "normal", "said nothing", "low", "low too");
    }

    @Test
    void oneThatHasWaitedForTheAgingTimeIsNotOvertakenByTheNextClass() {
        waitAs("normal", Priority.NORMAL);
        one.pass(Duration.ofSeconds(30).minusNanos(1));
        waitAs("high in time", Priority.HIGH);
        one.pass(Duration.ofNanos(1));
        waitAs("high too late", Priority.HIGH);
        letGo();
        assertThat(order).containsExactly("high in time", "normal", "high too late");
    }

    @Test
    void aLowOneIsOvertakenByHighOnesForTwiceTheAgingTime() {
        waitAs("low", Priority.LOW);
        one.pass(Duration.ofSeconds(30));
        waitAs("normal too late", Priority.NORMAL);
        one.pass(Duration.ofSeconds(30).minusNanos(1));
        waitAs("high in time", Priority.HIGH);
        one.pass(Duration.ofNanos(1));
        waitAs("high too late", Priority.HIGH);
        letGo();
        assertThat(order).containsExactly("high in time", "low", "normal too late", "high too late");
    }

    @Test
    void theContextSaysItWhereTheRequestDoesNot() {
        waitAs("normal", tokens(1));
        waitWith(Sluice.priority(Priority.HIGH), "high by context", tokens(1));
        waitWith(Sluice.priority(Priority.HIGH), "low by request", tokens(1).priority(Priority.LOW));
        waitWith(
                Sluice.tenant("t").priority(Priority.LOW),
                "normal by request",
                tokens(1).priority(Priority.NORMAL));
        letGo();
        assertThat(order)
                .startsWith("high by context")
                .endsWith("low by request")
                .hasSize(4);
    }

    @Test
    void aHighOneThatFitsGoesAtOnceWhileALargeOneWaits() {
        VirtualLimiter paced = new VirtualLimiter(profile -> profile.tpm(100).concurrency(10));
        paced.ask(50);
        Caller large = paced.ask(tokens(80));
        Caller small = paced.ask(tokens(10));
        assertThat(small.hasPermit())
                .as("the large one is not overtaken by its like")
                .isFalse();
        Caller high = paced.ask(tokens(10).priority(Priority.HIGH).timeout(Duration.ZERO));
        assertThat(high.hasPermit()).isTrue();
        paced.passSeconds(60);
        assertThat(large.hasPermit()).isTrue();
        assertThat(small.hasPermit()).isTrue();
    }

    @Test
    void whoHasWaitedLongestIsSeenWhateverItsClass() {
        waitAs("low", Priority.LOW);
        one.passSeconds(5);
        waitAs("high", Priority.HIGH);
        assertThat(one.snapshot().oldestWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(one.snapshot().pending()).isEqualTo(2);
    }

    @Test
    void oneThatLeavesMakesRoomForTheNextClass() {
        Disposable high = waitAs("high", Priority.HIGH);
        waitAs("low", Priority.LOW);
        high.dispose();
        assertThat(one.snapshot().pending()).isEqualTo(1);
        letGo();
        assertThat(order).containsExactly("low");
    }

    @Test
    void aCallThatComesBackGoesBeforeAnyPriorityInTheOrderOfTheFirstPermits() {
        holder.abandon();
        RetryTicket[] tickets = {new RetryTicket(), new RetryTicket()};
        for (RetryTicket ticket : tickets) {
            Caller first = new Caller();
            one.limiter
                    .acquire(tokens(1))
                    .contextWrite(context -> ticket.in(Context.of(context)))
                    .subscribe(first);
            first.permit().release();
            ticket.nextAttempt();
        }
        Permit next = one.ask(1).permit();
        waitAs("high", Priority.HIGH);
        for (int i : new int[] {1, 0}) {
            one.limiter
                    .withPermit(
                            tokens(1).priority(i == 0 ? Priority.LOW : Priority.HIGH),
                            permit -> Mono.fromRunnable(() -> order.add("again " + i)))
                    .contextWrite(context -> tickets[i].in(Context.of(context)))
                    .subscribe();
        }
        next.release();
        one.clock.advanceTime();
        assertThat(order).containsExactly("again 0", "again 1", "high");
    }

    @Test
    void aHighOneIsEstimatedToWaitForItsLikeOnly() {
        VirtualLimiter paced = new VirtualLimiter(profile -> profile.rpm(1).concurrency(100));
        paced.ask(1);
        for (int i = 0; i < 4; i++) {
            paced.ask(tokens(1));
        }
        PermitRequest request = tokens(1);
        assertThat(paced.limiter.estimateWait(request)).isEqualTo(Duration.ofMinutes(5));
        assertThat(paced.limiter.estimateWait(request.priority(Priority.HIGH))).isEqualTo(Duration.ofMinutes(1));
        assertThat(paced.limiter.estimateWait(request.priority(Priority.LOW))).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> ModelRateLimiter.builder().aging(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> ModelRateLimiter.builder().tenantWeight("a", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tenant a");
        assertThatThrownBy(() -> ModelRateLimiter.builder().tenantWeight("a", Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PermitRequest.of(KEY).tenant(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sluice.tenant("")).isInstanceOf(IllegalArgumentException.class);
    }
}
