/**
 * What travels with a call through code that knows nothing of this library: keys of the Reactor Context, and the small
 * interfaces behind them that the components implement.
 */
@NullMarked
package io.sluice.call;

import org.jspecify.annotations.NullMarked;
