/**
 * Pacing: a call waits for a permit until all limits of its model have room for it at once, and what it really used is
 * settled afterwards. {@link io.sluice.ratelimit.ModelRateLimiter} is the door.
 *
 * <p>Inside, from the bottom up: {@code RollingLog} (one limit over one window), {@code ConcurrencyCap} (calls in flight),
 * {@code KeyLedger} (all limits of one key: the only place that decides), {@code PermitQueue} (who waits, and when to
 * look again), the operators in front.
 */
@NullMarked
package io.sluice.ratelimit;

import org.jspecify.annotations.NullMarked;
