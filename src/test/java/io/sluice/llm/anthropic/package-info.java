/** Tests of the adapter against servers that answer as the provider does. */
@NullMarked
package io.sluice.llm.anthropic;

import org.jspecify.annotations.NullMarked;
