/** Every operator in every situation that operators of others get wrong. */
@NullMarked
package io.sluice.matrix;

import org.jspecify.annotations.NullMarked;
