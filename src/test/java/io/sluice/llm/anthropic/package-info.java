/** Tests of the adapter against the simulator and hostile servers. */
@NullMarked
package io.sluice.llm.anthropic;

import org.jspecify.annotations.NullMarked;
