/** Attempts after failures. */
@NullMarked
package io.sluice.retry;

import org.jspecify.annotations.NullMarked;
