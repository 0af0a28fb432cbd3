package io.sluice.failure;

import io.sluice.FailureClass;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ConcurrentModificationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What the type of an exception means by itself. */
final class ErrorTypes {

    private ErrorTypes() {}

    /** The class; null where the type says nothing. */
    static @Nullable FailureClass of(Throwable error) {
        if (error instanceof IOException || error instanceof TimeoutException || nothingSent(error)) {
            return FailureClass.TRANSIENT;
        }
        boolean programming = error instanceof IllegalArgumentException
                || error instanceof NullPointerException
                || error instanceof ClassCastException
                || error instanceof IndexOutOfBoundsException
                || error instanceof ArithmeticException
                || error instanceof UnsupportedOperationException
                || error instanceof ArrayStoreException
                || error instanceof NegativeArraySizeException
                || error instanceof ConcurrentModificationException
                || error instanceof Error;
        return programming ? FailureClass.PROGRAMMING : null;
    }

    /** What the name of an exception of some client says; null where it says nothing. Only names that leave no doubt. */
    static @Nullable FailureClass ofName(Throwable error) {
        FailureClass named = CodeTable.of(error.getClass().getSimpleName());
        return named == FailureClass.RATE_LIMIT || named == FailureClass.OVERLOADED || named == FailureClass.QUOTA
                ? named
                : null;
    }

    /** Whether it proves by itself that no request went out. */
    static boolean nothingSent(Throwable error) {
        return error instanceof UnknownHostException
                || error instanceof UnresolvedAddressException
                || error instanceof ConnectException
                || error instanceof NoRouteToHostException
                || error instanceof HttpConnectTimeoutException
                || error instanceof SSLHandshakeException;
    }
}
