package io.sluice.tck;

import io.sluice.debounce.Debouncer;
import java.time.Duration;
import reactor.core.publisher.Flux;

/** A stream of which every element may pass at once. */
public class LeadingThrottleTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return Debouncer.builder()
                .cooldown(Duration.ZERO)
                .unlimitedPerHour()
                .build()
                .<Long>throttle(String::valueOf)
                .apply(source);
    }
}
