/** Deadlines. */
@NullMarked
package io.sluice.deadline;

import org.jspecify.annotations.NullMarked;
