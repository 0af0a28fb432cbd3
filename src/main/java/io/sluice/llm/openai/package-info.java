/**
 * OpenAI's chat completions, and every server that speaks the same protocol. The adapter reads what such servers really
 * send, error pages of proxies included, and never signals an error of its JSON parser.
 */
@NullMarked
package io.sluice.llm.openai;

import org.jspecify.annotations.NullMarked;
