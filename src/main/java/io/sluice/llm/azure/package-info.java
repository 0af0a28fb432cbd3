/** OpenAI's models on Azure: the same protocol at other addresses, with deployments and keys of its own. */
@NullMarked
package io.sluice.llm.azure;

import org.jspecify.annotations.NullMarked;
