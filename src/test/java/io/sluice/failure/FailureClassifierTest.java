package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureClassifierTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    /** An exception of some client, which keeps the answer to itself. */
    private static final class ForeignException extends RuntimeException {
        final int status;

        ForeignException(int status) {
            super("it did not work");
            this.status = status;
        }
    }

    /** Named as the SDKs name it. */
    private static final class RateLimitException extends RuntimeException {
        RateLimitException() {
            super("no");
        }
    }

    /** Named as AWS names it. */
    private static final class ThrottlingException extends RuntimeException {}

    private static FailureReading read(Object failure) {
        return FailureClassifier.standard().read(failure, NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMIT, true, false, true",
        "OVERLOADED, true, true, true",
        "TRANSIENT, true, true, true",
        "UNKNOWN, true, true, true",
        "QUOTA, false, false, true",
        "TOO_LARGE, false, false, true",
        "CALLER, false, false, false",
        "PROGRAMMING, false, false, false",
        "REJECTED, false, false, true",
    })
    void eachClassSaysWhatFollowsFromIt(FailureClass it, boolean retried, boolean tripsBreaker, boolean fallback) {
        assertThat(it.retryable()).isEqualTo(retried);
        assertThat(it.tripsBreaker()).isEqualTo(tripsBreaker);
        assertThat(it.fallback()).isEqualTo(fallback);
    }

    @ParameterizedTest
    @CsvSource({
        "400, CALLER",
        "401, CALLER",
        "402, QUOTA",
        "403, CALLER",
        "404, CALLER",
        "405, CALLER",
        "408, TRANSIENT",
        "409, TRANSIENT",
        "410, CALLER",
        "413, TOO_LARGE",
        "418, CALLER",
        "422, CALLER",
        "424, CALLER",
        "429, RATE_LIMIT",
        "451, CALLER",
        "498, OVERLOADED",
        "499, CALLER",
        "500, TRANSIENT",
        "501, UNKNOWN",
        "502, TRANSIENT",
        "503, OVERLOADED",
        "504, TRANSIENT",
        "520, UNKNOWN",
        "529, OVERLOADED",
        "599, UNKNOWN",
        "302, UNKNOWN",
        "200, UNKNOWN",
        "0, UNKNOWN",
        "-1, UNKNOWN",
        "1000, UNKNOWN",
        "2147483647, UNKNOWN"
    })
    void aStatusAloneHasAMeaning(int status, FailureClass expected) {
        assertThat(read(ProviderAnswer.of(status)).failureClass()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422})
    void noWordsMakeAFaultOfTheCallerOneThatIsRetried(int status) {
        ProviderAnswer answer = ProviderAnswer.of(status)
                .body(
                        "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Rate limit, overloaded, try again in 5s\"}}");
        assertThat(read(answer).failureClass()).isEqualTo(FailureClass.CALLER);
        assertThat(read(answer).hint()).isNull();
    }

    @Test
    void exceptionsOfTheNetworkAreTransient() {
        for (Throwable error : List.of(
                new IOException("reset"),
                new UncheckedIOException(new IOException("reset")),
                new TimeoutException("late"),
                new CompletionException(new HttpTimeoutException("late")),
                new RuntimeException("wrapped", new RuntimeException("again", new ConnectException("refused"))))) {
            assertThat(FailureClassifier.classify(error)).as("%s", error).isEqualTo(FailureClass.TRANSIENT);
        }
    }

    @Test
    void exceptionsOfBrokenCodeAreProgrammingWhateverTheySay() {
        for (Throwable error : List.of(
                new IllegalArgumentException("rate limit must be positive"),
                new NullPointerException("rate limit"),
                new ClassCastException(),
                new IndexOutOfBoundsException(3),
                new ArithmeticException("/ by zero"),
                new UnsupportedOperationException(),
                new StackOverflowError(),
                new OutOfMemoryError("heap"),
                new NoClassDefFoundError("x"),
                new RuntimeException(new IllegalArgumentException("the rate limit must be positive")),
                new RuntimeException("wrapped", new NullPointerException()))) {
            assertThat(FailureClassifier.classify(error)).as("%s", error).isEqualTo(FailureClass.PROGRAMMING);
        }
    }

    @Test
    void whatIsNotKnownIsUnknown() {
        assertThat(read(new IllegalStateException("something")).failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(FailureClassifier.standard().read(null, null).failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(read(new Object()).failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(read(Map.of()).failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(read("").failureClass()).isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void theWordsOfAnIoExceptionSayMoreThanItsType() {
        FailureReading read =
                read(new IOException("Server returned HTTP response code: 429 for URL: https://example.org/v1"));
        assertThat(read.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(read.status()).isEqualTo(429);
    }

    @Test
    void namesOfExceptionsThatLeaveNoDoubtAreKnown() {
        assertThat(FailureClassifier.classify(new RateLimitException())).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(FailureClassifier.classify(new RuntimeException("x", new ThrottlingException())))
                .isEqualTo(FailureClass.RATE_LIMIT);
    }

    @Test
    void anErrorOfOursSaysItselfWhatItIsHoweverDeep() {
        ProviderFailure inner = new ProviderFailure(
                429, "rate_limit_exceeded", "slow down", FailureClass.RATE_LIMIT, Duration.ofSeconds(7));
        Throwable error = new IllegalArgumentException("a", new RuntimeException("b", new CompletionException(inner)));
        FailureReading read = read(error);
        assertThat(read.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(read.status()).isEqualTo(429);
        assertThat(read.code()).isEqualTo("rate_limit_exceeded");
        assertThat(read.message()).isEqualTo("slow down");
        assertThat(read.hint()).isEqualTo(new WaitHint(Duration.ofSeconds(7), HintSource.OWN));
    }

    @Test
    void aCauseIsFoundThirtyTwoDeepAndNoDeeper() {
        assertThat(FailureClassifier.classify(wrapped(31))).isEqualTo(FailureClass.TRANSIENT);
        assertThat(FailureClassifier.classify(wrapped(32))).isEqualTo(FailureClass.UNKNOWN);
        assertThat(FailureClassifier.classify(wrapped(100_000))).isEqualTo(FailureClass.UNKNOWN);
    }

    private static Throwable wrapped(int times) {
        Throwable error = new IOException("reset");
        for (int i = 0; i < times; i++) {
            error = new IllegalStateException("wrapped", error);
        }
        return error;
    }

    @Test
    void aCircleOfCausesEnds() {
        RuntimeException a = new RuntimeException("a");
        RuntimeException b = new RuntimeException("too many requests", a);
        a.initCause(b);
        assertThat(FailureClassifier.classify(a)).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(FailureClassifier.nothingSent(a)).isFalse();
    }

    @Test
    void aMapThatHoldsItselfIsRead() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("error", map);
        map.put("code", "rate_limited");
        assertThat(read(map).failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
    }

    @Test
    void aMapOfBytesIsReadWhereTheSeedThrew() {
        FailureReading read = read(Map.of("status", 429, "message", new byte[] {'n', 'o', (byte) 0xff}));
        assertThat(read.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
    }

    @Test
    void whatNeverLeftIsToldApart() {
        for (Throwable error : List.of(
                new UnknownHostException("example.org"),
                new ConnectException("refused"),
                new HttpConnectTimeoutException("late"),
                new SSLHandshakeException("no"),
                new ConnectException("x").initCause(new UnresolvedAddressException()),
                new RuntimeException(new UnresolvedAddressException()))) {
            assertThat(FailureClassifier.nothingSent(error)).as("%s", error).isTrue();
            FailureReading read = read(error);
            assertThat(read.nothingSent()).isTrue();
            assertThat(read.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        }
        assertThat(read(new IOException("reset")).nothingSent()).isFalse();
        assertThat(read(ProviderAnswer.of(503)).nothingSent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Network is unreachable",
                "Network is unreachable (connect failed)",
                "No route to host",
                "No route to host: no further information",
                "Host is down",
                "Cannot assign requested address",
                "Can't assign requested address",
                "Connection refused",
                "connect(..) failed: Network is unreachable",
                "finishConnect(..) failed: Connection refused"
            })
    void whatTheSystemSaysOfAConnectionThatWasNotMadeProvesThatNothingWasSent(String words) {
        FailureReading read = read(new RuntimeException(new SocketException(words)));
        assertThat(read.nothingSent()).isTrue();
        assertThat(read.failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection reset",
                "Broken pipe",
                "No route to host (Write failed)",
                "No route to host (Read failed)",
                "writeAddress(..) failed: No route to host",
                "recvAddress(..) failed: Connection reset by peer",
                "the proxy said: connection refused",
                "Connection timed out"
            })
    void whatTheSystemSaysOfAnOpenConnectionDoesNot(String words) {
        assertThat(read(new SocketException(words)).nothingSent()).isFalse();
    }

    /** Named as Reactor Netty names it. */
    private static final class PoolAcquireTimeoutException extends TimeoutException {}

    @Test
    void furtherTypesProveThatNothingWasSent() {
        for (Throwable error : List.of(
                new BindException("Address already in use"),
                new SSLPeerUnverifiedException("another name"),
                new SocketTimeoutException("Connect timed out"),
                new PoolAcquireTimeoutException())) {
            assertThat(read(error).nothingSent()).as("%s", error).isTrue();
            assertThat(read(error).failureClass()).isEqualTo(FailureClass.TRANSIENT);
        }
        assertThat(read(new SocketTimeoutException("Read timed out")).nothingSent())
                .isFalse();
        assertThat(read(new IllegalStateException("Connection refused")).nothingSent())
                .as("words of anybody")
                .isFalse();
    }

    /** Named as Kotlin names it. */
    private static final class TimeoutCancellationException extends CancellationException {}

    @Test
    void whoCancelsOrInterruptsWantsNoFurtherAttempt() {
        for (Throwable error : List.of(
                new CancellationException(),
                new CancellationException("too many requests"),
                new InterruptedException(),
                new ClosedByInterruptException(),
                new CompletionException(new CancellationException("by the user")))) {
            assertThat(read(error).failureClass()).as("%s", error).isEqualTo(FailureClass.CALLER);
        }
        assertThat(read(new TimeoutCancellationException()).failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(read(new IOException("x", new CancellationException())).failureClass())
                .as("a failure of the network that ended by cancelling something")
                .isEqualTo(FailureClass.TRANSIENT);
    }

    private static Throwable suppressing(Throwable error, Throwable... suppressed) {
        for (Throwable one : suppressed) {
            error.addSuppressed(one);
        }
        return error;
    }

    @Test
    void anAnswerAmongWhatWasSuppressedIsFoundWhereNothingElseSaysAnything() {
        ProviderFailure refused =
                new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, Duration.ofSeconds(3));
        Throwable several = new IllegalStateException(
                "Multiple exceptions", suppressing(new RuntimeException("a"), new RuntimeException("b", refused)));
        FailureReading read = read(several);
        assertThat(read.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(read.hint()).isEqualTo(new WaitHint(Duration.ofSeconds(3), HintSource.OWN));
        assertThat(read(suppressing(new IOException("reset"), refused)).failureClass())
                .as("what failed says more than what was suppressed")
                .isEqualTo(FailureClass.TRANSIENT);
        assertThat(read(suppressing(
                                new IllegalStateException("x"), new NullPointerException(), new IOException("close")))
                        .failureClass())
                .as("an error while closing is not what failed")
                .isEqualTo(FailureClass.UNKNOWN);
        assertThat(read(suppressing(new IllegalStateException("x"), new RuntimeException("too many requests")))
                        .failureClass())
                .as("nor are traces that are carried along")
                .isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void aThrongOfSuppressedErrorsIsLookedAtInPart() {
        RuntimeException error = new IllegalStateException("x");
        for (int i = 0; i < 10_000; i++) {
            error.addSuppressed(new RuntimeException("y", new RuntimeException("z")));
        }
        error.addSuppressed(new ProviderFailure(429, null, "late", FailureClass.RATE_LIMIT, null));
        assertThat(read(error).failureClass()).isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void allCausesShareTheBoundOfOneLook() {
        Throwable deep = new RuntimeException("too many requests");
        for (int i = 0; i < 5; i++) {
            deep = new IllegalStateException("x ".repeat(8_000), deep);
        }
        assertThat(read(deep).failureClass()).isEqualTo(FailureClass.UNKNOWN);
        Throwable near = new RuntimeException("too many requests");
        for (int i = 0; i < 3; i++) {
            near = new IllegalStateException("x ".repeat(8_000), near);
        }
        assertThat(read(near).failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
    }

    @Test
    void namesWithoutEndAreNoNames() {
        String endless = "x".repeat(40_000);
        assertThat(HeaderFields.of(Map.of(endless, "1", "retry-after", "2"))).containsOnlyKeys("retry-after");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(endless, "1");
        body.put("code", "rate_limited");
        assertThat(LooseTree.of(body, new LookBounds())).isEqualTo(Map.of("code", "rate_limited"));
        PartialJson.Found found = Objects.requireNonNull(
                PartialJson.read("{\"" + endless + "\":1,\"code\":\"rate_limited\"}", new LookBounds()));
        assertThat(found.tree()).isEqualTo(Map.of("code", "rate_limited"));
    }

    @Test
    void anExtractorTakesTheAnswerOutOfAForeignException() {
        FailureClassifier classifier = FailureClassifier.standard()
                .with(error -> error instanceof ForeignException foreign
                        ? ProviderAnswer.of(foreign.status)
                                .headers(Map.of("Retry-After", "4"))
                                .body(Map.of("error", Map.of("code", "x")))
                        : null);
        FailureReading read = classifier.read(new RuntimeException("outer", new ForeignException(429)), NOW);
        assertThat(read.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(read.hint()).isEqualTo(new WaitHint(Duration.ofSeconds(4), HintSource.RETRY_AFTER));
        assertThat(read.code()).isEqualTo("x");
        assertThat(classifier.read(new ForeignException(401), NOW).failureClass())
                .isEqualTo(FailureClass.CALLER);
        assertThat(read(new ForeignException(429)).failureClass())
                .as("the standard classifier has not changed")
                .isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void anExtractorCanSayThatNothingWasSent() {
        FailureClassifier classifier = FailureClassifier.standard()
                .with(error ->
                        error instanceof ForeignException ? ProviderAnswer.of(0).nothingSent() : null);
        FailureReading read = classifier.read(new ForeignException(0), NOW);
        assertThat(read.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(read.nothingSent()).isTrue();
        ProviderFailure failure = ProviderFailure.of(read, null);
        assertThat(failure.nothingSent()).isTrue();
        assertThat(FailureClassifier.nothingSent(new RuntimeException(failure))).isTrue();
        assertThat(read(failure).nothingSent()).as("read again").isTrue();
    }

    @Test
    void anExtractorThatFailsOrKnowsNothingIsPassedOver() {
        FailureClassifier classifier = FailureClassifier.standard()
                .with(error -> {
                    throw new LinkageError("an optional jar is missing");
                })
                .with(error -> ProviderAnswer.of(0))
                .with(error -> error instanceof ForeignException foreign ? ProviderAnswer.of(foreign.status) : null);
        assertThat(classifier.read(new ForeignException(503), NOW).failureClass())
                .isEqualTo(FailureClass.OVERLOADED);
        assertThat(classifier.read(new IOException("reset"), NOW).failureClass())
                .isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void theLongestBelievedWaitCanBeSet() {
        ProviderAnswer answer = ProviderAnswer.of(429).headers(Map.of("retry-after", List.of("90")));
        FailureClassifier hasty = FailureClassifier.standard().maxWait(Duration.ofMinutes(1));
        assertThat(hasty.read(answer, NOW).hint())
                .isEqualTo(new WaitHint(Duration.ofMinutes(1), true, HintSource.RETRY_AFTER, Duration.ofSeconds(90)));
        assertThat(read(answer).hint()).isEqualTo(new WaitHint(Duration.ofSeconds(90), HintSource.RETRY_AFTER));
        FailureClassifier patient = FailureClassifier.standard().maxWait(Duration.ofSeconds(90));
        assertThat(patient.read(answer, NOW).hint())
                .as("exactly the longest")
                .isEqualTo(new WaitHint(Duration.ofSeconds(90), HintSource.RETRY_AFTER));
        assertThatThrownBy(() -> FailureClassifier.standard().maxWait(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxWait");
    }

    @Test
    void whoBelievesMoreFindsWhatWasReallyAskedAndWhoBelievesLessBelievesLess() {
        ProviderAnswer answer = ProviderAnswer.of(429).headers(Map.of("retry-after", List.of("1800")));
        ProviderFailure failure = ProviderFailure.of(read(answer), null);
        assertThat(failure.hint()).matches(WaitHint::exceedsCap);
        FailureClassifier patient = FailureClassifier.standard().maxWait(Duration.ofHours(2));
        assertThat(patient.read(failure, NOW).hint())
                .isEqualTo(new WaitHint(Duration.ofMinutes(30), HintSource.RETRY_AFTER));
        FailureClassifier hasty = FailureClassifier.standard().maxWait(Duration.ofSeconds(5));
        assertThat(hasty.read(failure, NOW).hint())
                .isEqualTo(new WaitHint(Duration.ofSeconds(5), true, HintSource.RETRY_AFTER, Duration.ofMinutes(30)));
        ProviderFailure own = new ProviderFailure(429, null, "x", FailureClass.RATE_LIMIT, Duration.ofDays(9_999));
        assertThat(own.retryAfter()).isEqualTo(FailureClassifier.DEFAULT_MAX_WAIT);
        assertThat(read(own).hint()).matches(WaitHint::exceedsCap);
    }

    @Test
    void thatNothingWasSentIsKnownOfAFailureThatWasReadBefore() {
        java.net.ConnectException refused = new java.net.ConnectException("refused");
        ProviderFailure failure = ProviderFailure.of(read(refused), refused);
        assertThat(read(failure).nothingSent()).isTrue();
    }

    @Test
    void aDateIsNoHintWhereNobodyKnowsTheTime() {
        ProviderAnswer answer = ProviderAnswer.of(429).headers(Map.of("retry-after", "Sun, 22 Nov 2026 12:01:00 GMT"));
        assertThat(FailureClassifier.standard().read(answer, null).hint()).isNull();
        assertThat(read(answer).hint()).isEqualTo(new WaitHint(Duration.ofMinutes(1), HintSource.RETRY_AFTER));
    }

    @Test
    void onlyTheBeginningOfAHugeBodyIsLookedAt() {
        String padding = "x".repeat(70_000);
        ProviderAnswer late = ProviderAnswer.of(0)
                .body("{\"padding\":\"" + padding + "\",\"error\":{\"code\":\"rate_limit_exceeded\"}}");
        assertThat(read(late).failureClass()).isEqualTo(FailureClass.UNKNOWN);
        ProviderAnswer early = ProviderAnswer.of(0)
                .body("{\"error\":{\"code\":\"rate_limit_exceeded\"},\"padding\":\"" + padding + "\"}");
        assertThat(read(early).failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
    }

    @Test
    void onlyThirtyTwoLevelsAreLookedAt() {
        String code = "{\"code\":\"rate_limit_exceeded\"}";
        assertThat(read(nested(code, 31)).failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(read(nested(code, 33)).failureClass()).isEqualTo(FailureClass.UNKNOWN);
    }

    private static ProviderAnswer nested(String body, int levels) {
        return ProviderAnswer.of(0).body("{\"error\":".repeat(levels) + body + "}".repeat(levels));
    }

    @Test
    void whatAModelWroteIsNotTakenForAnError() {
        ProviderAnswer answer = ProviderAnswer.of(200)
                .body("{\"choices\":[{\"message\":{\"content\":\"Rate limit exceeded, error code: 429\"}}]}");
        assertThat(read(answer).failureClass()).isEqualTo(FailureClass.UNKNOWN);
    }
}
