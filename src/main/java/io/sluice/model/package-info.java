/**
 * The plain values that all parts speak in: which model, how many tokens were estimated, how many were used.
 * Immutable, validated when they are made, without behaviour that waits or reads a clock.
 */
@NullMarked
package io.sluice.model;

import org.jspecify.annotations.NullMarked;
