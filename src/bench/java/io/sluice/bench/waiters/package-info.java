/** A million calls that wait, here and in other libraries; {@code MillionWaiters} is the door. */
@NullMarked
package io.sluice.bench.waiters;

import org.jspecify.annotations.NullMarked;
