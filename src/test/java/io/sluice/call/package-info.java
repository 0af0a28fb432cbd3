/** What travels with a call. */
@NullMarked
package io.sluice.call;

import org.jspecify.annotations.NullMarked;
