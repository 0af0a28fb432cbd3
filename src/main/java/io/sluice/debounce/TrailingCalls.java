package io.sluice.debounce;

import io.sluice.support.ThreadLocals;
import java.util.Map;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A stream that runs when its key has been quiet, unless another one of its key comes before. */
final class TrailingCalls<T> extends FluxOperator<T, T> {

    private final String key;
    private final FiringDesk desk;
    private final Map<String, QuietSlot> slots;

    private TrailingCalls(Flux<T> source, String key, FiringDesk desk, Map<String, QuietSlot> slots) {
        super(source);
        this.key = key;
        this.desk = desk;
        this.slots = slots;
    }

    static <T> Flux<T> of(Flux<T> source, String key, FiringDesk desk, Map<String, QuietSlot> slots) {
        return onAssembly(new TrailingCalls<>(source, key, desk, slots));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        new TrailingCall<T>(ThreadLocals.restoring(source), desk, actual).begin(key, slots);
    }
}
