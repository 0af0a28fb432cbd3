/** Google's Gemini: generated content, whole and streamed. Thoughts are counted as output and are no text. */
@NullMarked
package io.sluice.llm.google;

import org.jspecify.annotations.NullMarked;
