package io.sluice.debounce;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

/** A call that runs at once, is joined by those that come while it runs, or is denied. */
final class SharedMono<T> extends MonoOperator<T, T> {

    private final String key;
    private final FiringDesk desk;

    private SharedMono(Mono<T> source, String key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Mono<T> of(Mono<T> source, String key, FiringDesk desk) {
        return onAssembly(new SharedMono<>(source, key, desk));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        for (; ; ) {
            SharedCall<T> running = running();
            if (running != null && running.tryJoin()) {
                running.tell(actual);
                return;
            }
            if (!desk.isDenied(key)) {
                SharedCall<T> own = new SharedCall<>(actual.currentContext(), desk);
                Firing firing = desk.tryFire(key, own);
                if (firing != null) {
                    own.tell(actual);
                    own.begin(source, firing);
                    return;
                }
            }
            // Whoever took the turn left its call before the denial could be seen.
            SharedCall<T> other = running();
            if (other == null || other == running) {
                Operators.error(actual, desk.denial(key).toException());
                return;
            }
        }
    }

    /** The call of this key, which a key stands for one kind of. */
    @SuppressWarnings("unchecked")
    private @Nullable SharedCall<T> running() {
        KeyRecord record = desk.find(key);
        return record == null ? null : (SharedCall<T>) record.call();
    }
}
