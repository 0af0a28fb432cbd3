/** Circuit breakers. */
@NullMarked
package io.sluice.breaker;

import org.jspecify.annotations.NullMarked;
