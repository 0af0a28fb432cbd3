/** OpenRouter, which speaks OpenAI's chat completions in front of many providers. */
@NullMarked
package io.sluice.llm.openrouter;

import org.jspecify.annotations.NullMarked;
