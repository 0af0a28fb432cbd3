/**
 * All that governs one call, in one fixed order: debouncing, approval, budget, total deadline, and for each attempt circuit
 * breaker, permit and deadline, with retries around the attempts and fallbacks around everything. Any part may be absent.
 *
 * <p>{@link io.sluice.governor.Governor} is the door. Inside, {@code GovernedCall} keeps the account of one call over its
 * attempts, and {@code MonoRoute} and {@code FluxRoute} put the operators of the parts around it.
 */
@NullMarked
package io.sluice.governor;

import org.jspecify.annotations.NullMarked;
