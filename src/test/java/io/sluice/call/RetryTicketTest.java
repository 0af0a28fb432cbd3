package io.sluice.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

class RetryTicketTest {

    private final Object one = new Object();
    private final Object other = new Object();
    private final RetryTicket ticket = new RetryTicket();

    @Test
    void theFirstAttemptHasNoPlaceAndTheNextHasTheFirstsOne() {
        assertThat(ticket.place(one)).isEqualTo(RetryTicket.NONE);
        ticket.granted(one, 7);
        ticket.granted(other, 3);
        assertThat(ticket.place(one)).as("another call of the same attempt").isEqualTo(RetryTicket.NONE);
        ticket.nextAttempt();
        assertThat(ticket.attempt()).isEqualTo(2);
        assertThat(ticket.place(one)).isEqualTo(7);
        assertThat(ticket.place(one)).as("another call of the same attempt").isEqualTo(RetryTicket.NONE);
        assertThat(ticket.place(other)).isEqualTo(3);
        ticket.granted(one, 12);
        ticket.nextAttempt();
        assertThat(ticket.place(one)).as("the oldest place is kept").isEqualTo(7);
    }

    @Test
    void aPlaceThatWasNotAskedForIsKept() {
        ticket.granted(one, 7);
        ticket.nextAttempt();
        ticket.nextAttempt();
        assertThat(ticket.place(one)).isEqualTo(7);
    }

    @Test
    void itTravelsInTheContext() {
        assertThat(RetryTicket.of(Context.empty())).isNull();
        assertThat(RetryTicket.of(Context.of("a", "b"))).isNull();
        assertThat(RetryTicket.of(ticket.in(Context.of("a", "b")))).isSameAs(ticket);
    }

    @Test
    void inTenThousandRacesOneCallOfAnAttemptGetsThePlace() {
        for (int round = 0; round < 10_000; round++) {
            RetryTicket raced = new RetryTicket();
            RaceTestUtils.race(() -> raced.granted(one, 1), () -> raced.granted(other, 2));
            raced.nextAttempt();
            long[] places = new long[3];
            RaceTestUtils.race(
                    () -> places[0] = raced.place(one),
                    () -> places[1] = raced.place(one),
                    () -> places[2] = raced.place(other));
            assertThat(Math.min(places[0], places[1])).isEqualTo(1);
            assertThat(Math.max(places[0], places[1])).isEqualTo(RetryTicket.NONE);
            assertThat(places[2]).isEqualTo(2);
        }
    }
}
