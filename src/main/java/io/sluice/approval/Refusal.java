package io.sluice.approval;

import org.jspecify.annotations.Nullable;

/**
 * Something came in that looked like a decision and must not be one: a forged sender, a token that is not theirs, words that can
 * be read in two ways.
 *
 * @param request the id of the request that it was about; null where that cannot be said
 * @param actor who it said it was; null where it did not
 * @param channel where it came in
 * @param reason why it decides nothing; in words of the channel's own, without secrets
 */
public record Refusal(@Nullable String request, @Nullable String actor, String channel, String reason) {}
