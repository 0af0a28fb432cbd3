/**
 * Attempts after failures, as the provider prescribes them: only where another attempt can help, never before the time
 * that the provider named, and never beyond a total deadline. Each attempt subscribes anew, so it takes a permit of its
 * own; between attempts nothing is held.
 *
 * <p>{@link io.sluice.retry.ProviderRetry} is the door. Inside, from the bottom up: {@code RetryRules} (what follows a
 * failure; plain arithmetic), {@code RetryCount} (the attempts of one subscriber), {@code Pause} (one wait between two),
 * {@code LastingSubscription} (demand over attempts), {@code RetrySubscriber} (one protected call) and {@code
 * RetryCompanion} (the same for {@code retryWhen}).
 */
@NullMarked
package io.sluice.retry;

import org.jspecify.annotations.NullMarked;
