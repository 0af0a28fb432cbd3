/** The shared mechanisms. */
@NullMarked
package io.sluice.support;

import org.jspecify.annotations.NullMarked;
