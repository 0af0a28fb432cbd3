package io.sluice.ratelimit;

import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;

/** What Reactor's tools can ask any waiting call. */
final class WaiterScan {

    private WaiterScan() {}

    @SuppressWarnings("rawtypes")
    static @Nullable Object of(Waiter waiter, Scannable.Attr key) {
        int state = waiter.state;
        if (key == Scannable.Attr.CANCELLED) {
            return state == Waiter.CANCELLED;
        }
        if (key == Scannable.Attr.TERMINATED) {
            return state == Waiter.ENDED;
        }
        if (key == Scannable.Attr.RUN_STYLE) {
            return Scannable.Attr.RunStyle.ASYNC;
        }
        return key == Scannable.Attr.NAME ? "permit of " + waiter.request.key() : null;
    }
}
