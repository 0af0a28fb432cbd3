package io.sluice.failure;

import io.sluice.FailureClass;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What the type of an exception means by itself. */
final class ErrorTypes {

    /** Exceptions of clients that are not here at compile time: Reactor Netty's pool, Netty's resolver, Apache's client. */
    private static final Set<String> BEFORE_SENDING = Set.of(
            "PoolAcquireTimeoutException",
            "PoolAcquirePendingLimitException",
            "DnsNameResolverTimeoutException",
            "ConnectTimeoutException",
            "ConnectionPoolTimeoutException",
            "ConnectionRequestTimeoutException");

    /** How the words begin with which operating systems refuse a connection. */
    private static final List<String> NO_CONNECTION = List.of(
            "network is unreachable",
            "network is down",
            "no route to host",
            "host is down",
            "host is unreachable",
            "cannot assign requested address",
            "can't assign requested address",
            "connection refused",
            "connect timed out");

    private static final int LONGEST_WORDS = 1_000;

    private ErrorTypes() {}

    /**
     * The class; null where the type says nothing.
     *
     * <p>Who cancelled the call or interrupted its thread wants it to end: it is neither repeated nor taken elsewhere, and
     * says nothing about the other side. A time-out that comes as a cancellation, as Kotlin's does, is a time-out.
     */
    static @Nullable FailureClass of(Throwable error) {
        if (error instanceof CancellationException) {
            boolean timedOut = error.getClass().getSimpleName().startsWith("Timeout");
            return timedOut ? FailureClass.TRANSIENT : FailureClass.CALLER;
        }
        if (error instanceof InterruptedException || error instanceof ClosedByInterruptException) {
            return FailureClass.CALLER;
        }
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
                || error instanceof BindException
                || error instanceof HttpConnectTimeoutException
                || error instanceof SSLHandshakeException
                || error instanceof SSLPeerUnverifiedException
                || BEFORE_SENDING.contains(error.getClass().getSimpleName())
                || (error instanceof IOException && saysSo(error));
    }

    /** Systems say it in words where Java has no type for it, and of connections that were open already, too. */
    private static boolean saysSo(Throwable error) {
        String message = Attempted.<String>orNull(error::getMessage);
        if (message == null || message.length() > LONGEST_WORDS) {
            return false;
        }
        String words = message.toLowerCase(Locale.ROOT);
        if (words.startsWith("connect(") || words.startsWith("finishconnect(")) {
            return true;
        }
        if (words.endsWith("(write failed)") || words.endsWith("(read failed)")) {
            return false;
        }
        for (String beginning : NO_CONNECTION) {
            if (words.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
