/**
 * Pacing: a call waits for a permit until all limits of its model have room for it at once, and what it really used is
 * settled afterwards. {@link io.sluice.ratelimit.ModelRateLimiter} is the door.
 *
 * <p>Inside, from the bottom up: {@code RollingLog} (one limit over one window), {@code ConcurrencyCap} (calls in flight),
 * {@code KeyLedger} (all limits of one key: the only place that decides), {@code WaitingLine} (who waits, and
 * in what order: nested calls, those that come back, then by tenant and priority), {@code Turns} (who is served, and when to
 * look again), {@code Settlement} (what becomes of permits), {@code PermitQueue} (the door for all threads), the operators in
 * front.
 */
@NullMarked
package io.sluice.ratelimit;

import org.jspecify.annotations.NullMarked;
