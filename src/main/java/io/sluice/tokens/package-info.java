/**
 * How many tokens a text will cost, before a provider says so. The built-in estimate counts characters and needs no
 * vocabulary; a real tokenizer takes its place behind {@link io.sluice.tokens.TokenEstimator}.
 */
@NullMarked
package io.sluice.tokens;

import org.jspecify.annotations.NullMarked;
