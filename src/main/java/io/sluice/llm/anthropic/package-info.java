/** Anthropic's messages, whole and streamed. Cached input is counted as input, as it is at the other providers. */
@NullMarked
package io.sluice.llm.anthropic;

import org.jspecify.annotations.NullMarked;
