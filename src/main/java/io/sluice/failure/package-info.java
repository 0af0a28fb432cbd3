/**
 * What a provider's failure means: its class, how long to wait, and the arithmetic of backing off.
 * Plain code without Reactor; the limiter and everything that retries decide by it.
 */
@NullMarked
package io.sluice.failure;

import org.jspecify.annotations.NullMarked;
