/**
 * The same 2,000 calls against the same provider, paced by Sluice and by others: how long it takes, how often the provider
 * refuses, who is served in which order, and what it costs the client. {@code PacingBenchmark} is the door.
 */
@NullMarked
package io.sluice.bench.pacing;

import org.jspecify.annotations.NullMarked;
