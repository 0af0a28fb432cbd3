/** Everything at once, for long: trouble of all kinds, and nothing may be left over. */
@NullMarked
package io.sluice.soak;

import org.jspecify.annotations.NullMarked;
