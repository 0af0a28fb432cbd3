package io.sluice.transport;

import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;

/**
 * Makes what can go wrong between here and the server an {@link IOException}. Most of it is one already, but Netty's
 * time-outs are not, and an answer that is not HTTP arrives as an {@code IllegalArgumentException}, which would pass for
 * a bug of the caller.
 */
final class NetworkErrors {

    private final TransportRequest request;
    private final Duration responseTimeout;

    NetworkErrors(TransportRequest request, Duration responseTimeout) {
        this.request = request;
        this.responseTimeout = responseTimeout;
    }

    Throwable network(Throwable error) {
        Exceptions.throwIfFatal(error);
        if (error instanceof IOException) {
            return error;
        }
        if (error instanceof RejectedExecutionException) {
            // The pool closed between the look at it and the asking.
            return new TransportClosedException();
        }
        if (error instanceof ReadTimeoutException) {
            return caused(
                    new SocketTimeoutException("no byte of an answer within " + responseTimeout + ": " + request),
                    error);
        }
        if (error instanceof TimeoutException) {
            // The pool's own time-out: nothing was sent, which is what this type says.
            return caused(new ConnectException("no connection became free in time: " + request), error);
        }
        if (error instanceof IllegalArgumentException) {
            // Its words quote what the server sent, which may be anything, the key of the request included.
            IOException notHttp = new IOException("the answer is not HTTP: " + request);
            notHttp.setStackTrace(error.getStackTrace());
            return notHttp;
        }
        return new IOException("the exchange failed: " + request, error);
    }

    private static IOException caused(IOException error, Throwable cause) {
        error.initCause(cause);
        return error;
    }
}
