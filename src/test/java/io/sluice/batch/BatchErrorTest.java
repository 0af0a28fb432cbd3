package io.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderAnswer;
import io.sluice.failure.ProviderFailure;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class BatchErrorTest {

    /** An exception of some client, which knows the answer but does not say it. */
    private static final class ForeignException extends RuntimeException {
        ForeignException() {
            super("request with prompt 'my diary' failed");
        }
    }

    private static BatchError of(Throwable error) {
        return BatchError.of(error, FailureClassifier.standard());
    }

    @Test
    void aForeignExceptionIsNamedAndItsWordsAreInOneLine() {
        assertThat(of(new IOException("reset\n by peer")))
                .isEqualTo(new BatchError(FailureClass.TRANSIENT, 0, null, "IOException: reset by peer"));
        assertThat(of(new IllegalStateException()).message()).isEqualTo("IllegalStateException");
    }

    @Test
    void noSecretThatAForeignExceptionQuotesIsWritten() {
        for (String secret : new String[] {
            "GET https://user:hunter2@example.org failed",
            "Authorization: Basic hunter2hunter2",
            "{\"client_secret\":\"hunter2\"}",
            "Incorrect API key provided: sk-hunter2hunter2hunter2"
        }) {
            assertThat(of(new IOException(secret)).message()).doesNotContain("hunter2");
            assertThat(of(new IllegalArgumentException(secret)).message()).doesNotContain("hunter2");
            assertThat(of(new CompletionException(new IOException(secret))).message())
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void anAnswerOfTheProviderIsTakenAsItIs() {
        ProviderFailure refused =
                new ProviderFailure(429, "rate_limit_exceeded", "slow", FailureClass.RATE_LIMIT, null);
        assertThat(of(refused))
                .isEqualTo(new BatchError(FailureClass.RATE_LIMIT, 429, "rate_limit_exceeded", "slow"))
                .matches(BatchError::isTooManyRequests);
    }

    @Test
    void theClassifierThatIsGivenDecidesWhatAForeignExceptionMeans() {
        FailureClassifier knowing = FailureClassifier.standard()
                .with(error -> error instanceof ForeignException
                        ? ProviderAnswer.of(402).body("{\"error\":{\"code\":\"billing_error\",\"message\":\"pay\"}}")
                        : null);
        assertThat(BatchError.of(new ForeignException(), knowing))
                .isEqualTo(new BatchError(FailureClass.QUOTA, 402, "billing_error", "ForeignException: pay"));
    }
}
