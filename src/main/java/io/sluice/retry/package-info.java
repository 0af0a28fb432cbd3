/**
 * Attempts after failures, as the provider prescribes them: only where another attempt can help, never before the time
 * that the provider named, and never beyond a total deadline. Each attempt subscribes anew, so it takes a permit of its
 * own; between attempts nothing is held.
 */
@NullMarked
package io.sluice.retry;

import org.jspecify.annotations.NullMarked;
