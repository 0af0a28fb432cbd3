package io.sluice.tck;

import io.sluice.deadline.Deadline;
import java.time.Duration;
import reactor.core.publisher.Flux;

/** A stream with all deadlines. */
public class DeadlineTckTest extends OperatorVerification {

    private final Deadline deadline = Deadline.attempt(Duration.ofMinutes(1))
            .firstElement(Duration.ofMinutes(1))
            .gap(Duration.ofMinutes(1))
            .total(Duration.ofMinutes(1));

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return deadline.protect(source);
    }
}
