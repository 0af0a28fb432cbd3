/** Debouncing. */
@NullMarked
package io.sluice.debounce;

import org.jspecify.annotations.NullMarked;
