package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.support.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What providers really send, as the table in {@code cases.txt} has it. */
class FailureCasesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    static List<FailureCase> cases() {
        return FailureCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatProvidersSendIsReadAsTheTableSays(FailureCase example) {
        for (Object form : forms(example)) {
            FailureReading read = FailureClassifier.standard().read(form, NOW);
            assertThat(read.failureClass()).as("%s: %s", form, read).isEqualTo(example.expectedClass());
            assertThat(seconds(read)).as("%s: %s", form, read).isEqualTo(example.expectedHint());
            assertThat(read.status()).as("%s: %s", form, read).isEqualTo(example.expectedStatus());
        }
    }

    @Test
    void theTableHasManyCasesEachOfItsOwnTitle() {
        Set<String> titles = new HashSet<>();
        for (FailureCase example : cases()) {
            assertThat(titles.add(example.title)).as(example.title).isTrue();
        }
        assertThat(titles).hasSizeGreaterThan(150);
    }

    /** The ways in which the same failure reaches us; all of them mean the same. */
    private static List<Object> forms(FailureCase example) {
        List<Object> forms = new ArrayList<>();
        if (example.text != null) {
            forms.add(example.text);
            forms.add(new IllegalStateException(example.text));
            forms.add(new IllegalStateException("it failed", new RuntimeException(example.text)));
            return forms;
        }
        if (example.loose != null) {
            forms.add(Json.mapper().readValue(example.loose, Map.class));
            forms.add(Json.read(example.loose));
            forms.add(example.loose);
            return forms;
        }
        ProviderAnswer answer = ProviderAnswer.of(example.status).headers(example.headers);
        String body = example.body;
        forms.add(answer.body(body));
        if (body != null) {
            forms.add(answer.body(body.getBytes(StandardCharsets.UTF_8)));
            if (isJson(body)) {
                forms.add(answer.body(Json.read(body)));
                forms.add(answer.body(Json.mapper().readValue(body, Object.class)));
            }
        }
        return forms;
    }

    private static boolean isJson(String body) {
        try {
            return Json.read(body).isContainer();
        } catch (RuntimeException notJson) {
            return false;
        }
    }

    private static String seconds(FailureReading read) {
        WaitHint hint = read.hint();
        if (hint == null) {
            return "-";
        }
        if (hint.exceedsCap()) {
            assertThat(hint.delay()).isEqualTo(FailureClassifier.DEFAULT_MAX_WAIT);
            return ">";
        }
        Duration delay = hint.delay();
        BigDecimal seconds = BigDecimal.valueOf(delay.toNanos(), 9);
        return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
    }
}
