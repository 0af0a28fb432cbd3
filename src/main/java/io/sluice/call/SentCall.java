package io.sluice.call;

import io.sluice.support.Internal;

/**
 * An error of this library that can end a call which is on its way already, such as a deadline's. Whoever accounts for the
 * call must not take it for one that was never sent.
 */
@Internal
public interface SentCall {

    /** Whether the call had been sent when it was ended. */
    boolean wasSent();
}
