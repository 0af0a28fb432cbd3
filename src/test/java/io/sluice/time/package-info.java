/** Clocks, deadlines and wake-ups. */
@NullMarked
package io.sluice.time;

import org.jspecify.annotations.NullMarked;
