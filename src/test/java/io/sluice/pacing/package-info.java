/** Limiter, adapter and simulator together: whether pacing provokes a provider that truly enforces its limits. */
@NullMarked
package io.sluice.pacing;

import org.jspecify.annotations.NullMarked;
