/**
 * Deadlines of calls: for one attempt, for all of it, to the first element of a stream, and between elements. All hang on
 * the one timer of the scheduler; what runs out of time is cancelled, and the error names what was waited for.
 */
@NullMarked
package io.sluice.deadline;

import org.jspecify.annotations.NullMarked;
