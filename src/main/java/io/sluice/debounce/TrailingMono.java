package io.sluice.debounce;

import io.sluice.support.ThreadLocals;
import java.util.Map;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/** A call that runs when its key has been quiet, unless another one of its key comes before. */
final class TrailingMono<T> extends MonoOperator<T, T> {

    private final String key;
    private final FiringDesk desk;
    private final Map<String, QuietSlot> slots;

    private TrailingMono(Mono<T> source, String key, FiringDesk desk, Map<String, QuietSlot> slots) {
        super(source);
        this.key = key;
        this.desk = desk;
        this.slots = slots;
    }

    static <T> Mono<T> of(Mono<T> source, String key, FiringDesk desk, Map<String, QuietSlot> slots) {
        return onAssembly(new TrailingMono<>(source, key, desk, slots));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        new TrailingCall<T>(ThreadLocals.restoring(source), desk, actual).begin(key, slots);
    }
}
