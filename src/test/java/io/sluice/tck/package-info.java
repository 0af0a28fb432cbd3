/** The operators against the kit of Reactive Streams. */
@NullMarked
package io.sluice.tck;

import org.jspecify.annotations.NullMarked;
