package io.sluice.retry;

import static io.sluice.retry.FailingProvider.failure;
import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.retry.RetryReport.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.util.RaceTestUtils;

class RetryReportTest {

    private final FailingProvider provider = new FailingProvider();

    private Throwable end(Mono<String> call) {
        Heard<String> heard = new Heard<>();
        call.subscribe(heard);
        provider.pass(Duration.ofMinutes(9));
        return Objects.requireNonNull(heard.error);
    }

    @Test
    void anErrorThatNoRetryGaveUpOnHasNone() {
        assertThat(ProviderRetry.report(new IllegalStateException())).isNull();
    }

    @Test
    void itIsFoundThroughTheExceptionsThatWrapTheError() {
        Throwable error = end(provider.retry(2).protect(provider.failing(serverError())));
        Throwable wrapped = new IllegalStateException(new RuntimeException(error));
        assertThat(ProviderRetry.report(wrapped))
                .isEqualTo(ProviderRetry.report(error))
                .isNotNull();
    }

    @Test
    void aCircleOfCausesEnds() {
        IllegalStateException one = new IllegalStateException();
        one.initCause(new IllegalStateException(one));
        assertThat(ProviderRetry.report(one)).isNull();
    }

    @Test
    void anErrorThatIsAConstantDoesNotGrowAndTellsTheLatest() {
        Throwable constant = failure(FailureClass.TRANSIENT, null);
        for (int i = 0; i < 100; i++) {
            assertThat(end(provider.retry(1).protect(provider.failing(constant))))
                    .isSameAs(constant);
        }
        end(provider.retry(4).protect(provider.failing(constant)));
        assertThat(constant.getSuppressed()).hasSize(1);
        assertThat(ProviderRetry.report(constant))
                .isEqualTo(new RetryReport(4, Duration.ofSeconds(7), Reason.EXHAUSTED));
    }

    @Test
    void threadsThatShareAnErrorGoByOneReport() {
        for (int round = 0; round < 10_000; round++) {
            Throwable shared = new IllegalStateException();
            RetryReport one = new RetryReport(1, Duration.ZERO, Reason.EXHAUSTED);
            RetryReport other = new RetryReport(2, Duration.ZERO, Reason.EXHAUSTED);
            RaceTestUtils.race(() -> ReportCarrier.attach(shared, one), () -> ReportCarrier.attach(shared, other));
            assertThat(ProviderRetry.report(shared)).isIn(one, other);
            ReportCarrier.attach(shared, one);
            assertThat(ProviderRetry.report(shared)).isEqualTo(one);
            assertThat(shared.getSuppressed()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void anErrorWithoutSuppressionIsToldWithoutAReport() {
        Throwable bare = new RuntimeException("bare", null, false, false) {};
        assertThat(end(provider.retry(2).protect(provider.failing(bare)))).isSameAs(bare);
        assertThat(provider.calledAt).hasSize(2);
        assertThat(ProviderRetry.report(bare)).isNull();
    }

    @Test
    void ofNestedRetriesTheOuterIsTold() {
        Throwable error = end(provider.retry(2).protect(provider.retry(3).protect(provider.failing(serverError()))));
        assertThat(provider.calledAt).hasSize(6);
        assertThat(ProviderRetry.report(error)).isEqualTo(new RetryReport(2, Duration.ofSeconds(1), Reason.EXHAUSTED));
    }

    @Test
    void anErrorWithItsReportCanBeSerialised() throws Exception {
        Throwable error = end(provider.retry(2).protect(provider.failing(new IllegalStateException("a tool broke"))));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(ProviderRetry.report((Throwable) in.readObject())).isEqualTo(ProviderRetry.report(error));
        }
    }

    @Test
    void whatNothingCuresIsNotPutDownToTheFirstElement() {
        Throwable error = failure(FailureClass.CALLER, null);
        Heard<String> heard = new Heard<>();
        provider.retry(3).protect(Flux.just("a").concatWith(Flux.error(error))).subscribe(heard);
        assertThat(heard.error).isSameAs(error);
        assertThat(heard.report()).isNull();
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> new RetryReport(0, Duration.ZERO, Reason.EXHAUSTED))
                .hasMessageContaining("attempts");
        assertThatThrownBy(() -> new RetryReport(1, Duration.ofNanos(-1), Reason.EXHAUSTED))
                .hasMessageContaining("waited");
    }
}
