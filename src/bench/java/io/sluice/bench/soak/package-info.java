/** Half an hour of trouble; {@code Soak} is the door. */
@NullMarked
package io.sluice.bench.soak;

import org.jspecify.annotations.NullMarked;
