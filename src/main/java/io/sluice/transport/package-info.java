/**
 * How bytes reach a provider: one HTTP exchange, from the request to the last byte of the answer, as an SPI and on
 * reactor-netty. An exchange is sent once and never repeated or redirected behind the caller's back, because every
 * attempt needs a permit. It knows nothing of models, tokens or JSON.
 */
@NullMarked
package io.sluice.transport;

import org.jspecify.annotations.NullMarked;
