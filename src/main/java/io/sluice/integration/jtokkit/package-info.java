/**
 * Exact counts of tokens for OpenAI's models, by the optional library jtokkit. Its tables are loaded off the event loop,
 * and no long text is encoded on it.
 */
@NullMarked
package io.sluice.integration.jtokkit;

import org.jspecify.annotations.NullMarked;
