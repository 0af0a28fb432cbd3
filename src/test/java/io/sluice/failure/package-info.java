/** What failures mean. */
@NullMarked
package io.sluice.failure;

import org.jspecify.annotations.NullMarked;
