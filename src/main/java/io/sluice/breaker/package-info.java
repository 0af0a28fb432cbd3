/**
 * Circuit breakers: whoever calls a provider or a tool that is broken is refused at once, until a probe shows that it
 * works again. Every admission belongs to a generation of its breaker, and what comes late changes nothing.
 */
@NullMarked
package io.sluice.breaker;

import org.jspecify.annotations.NullMarked;
