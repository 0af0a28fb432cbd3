/**
 * A provider for tests of agents: it speaks OpenAI's chat completions and Anthropic's messages, and truly enforces limits,
 * so that a client that paces badly is refused as it would be in earnest. It is the independent judge of this library and
 * uses nothing of its limiter. A plain core decides with {@code now} as an argument; one class puts it on a port, another
 * behind the transport, on virtual time. Begin with {@link io.sluice.simulator.Simulator}.
 */
@NullMarked
package io.sluice.simulator;

import org.jspecify.annotations.NullMarked;
