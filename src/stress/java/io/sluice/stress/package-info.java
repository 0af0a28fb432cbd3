/** Two things at the same moment, millions of times; and small programs in every order that a machine could choose. */
@NullMarked
package io.sluice.stress;

import org.jspecify.annotations.NullMarked;
