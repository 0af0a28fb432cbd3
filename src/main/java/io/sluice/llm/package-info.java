/**
 * Calls to language models in the providers' own terms: an adapter turns a request into one HTTP exchange and the answer
 * into text, usage or a typed failure. It does not pace, retry or judge; that is for whoever calls it. The sub-packages
 * hold one provider's protocol each.
 */
@NullMarked
package io.sluice.llm;

import org.jspecify.annotations.NullMarked;
