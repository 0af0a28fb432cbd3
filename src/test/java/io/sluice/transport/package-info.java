/** Tests of the HTTP exchange over real sockets. */
@NullMarked
package io.sluice.transport;

import org.jspecify.annotations.NullMarked;
