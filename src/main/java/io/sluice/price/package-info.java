/**
 * What calls cost: a dated book of the prices of models, in exact decimals, and the arithmetic of a bill. A model that is
 * not in the book has no price; nothing is guessed.
 */
@NullMarked
package io.sluice.price;

import org.jspecify.annotations.NullMarked;
