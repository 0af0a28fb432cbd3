package io.sluice.debounce;

/**
 * A trigger that runs.
 *
 * @param at when it was recorded
 * @param before when its key ran before that
 */
record Firing(KeyRecord record, long at, long before) {}
