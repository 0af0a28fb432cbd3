/**
 * What a call costs in time and bytes, in Sluice and in other libraries, measured in one run. {@code CostBenchmarks} is the
 * door.
 */
@NullMarked
package io.sluice.bench.costs;

import org.jspecify.annotations.NullMarked;
