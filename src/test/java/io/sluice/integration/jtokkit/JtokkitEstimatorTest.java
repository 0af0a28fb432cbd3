package io.sluice.integration.jtokkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sluice.tokens.TokenEstimator;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Exact counts, and no work on the event loop that keeps others waiting. BlockHound watches. */
class JtokkitEstimatorTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static JtokkitEstimator loaded(String model) {
        List<JtokkitEstimator> found = new ArrayList<>();
        StepVerifier.create(JtokkitEstimator.forModel(model))
                .consumeNextWith(found::add)
                .expectComplete()
                .verify(LONG);
        return found.get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, O200K_BASE",
        "gpt-4o-mini-2024-07-18, O200K_BASE",
        "gpt-5.4, O200K_BASE",
        "GPT-5, O200K_BASE",
        "o1, O200K_BASE",
        "o3-mini, O200K_BASE",
        "openai/gpt-oss-120b, O200K_BASE",
        "gpt-4, CL100K_BASE",
        "gpt-4-turbo, CL100K_BASE",
        "gpt-3.5-turbo-0125, CL100K_BASE",
        "text-embedding-3-small, CL100K_BASE",
        "o100, ",
        "gpt-40, ",
        "claude-opus-5, ",
    })
    void theNameOfAModelTellsItsVocabulary(String model, Vocabulary expected) {
        assertThat(Vocabulary.of(model)).isEqualTo(expected);
        assertThat(JtokkitEstimator.knows(model)).isEqualTo(expected != null);
    }

    /** The counts are those of OpenAI's cookbook on counting tokens, as of 2024-05. */
    @ParameterizedTest
    @CsvSource({
        "antidisestablishmentarianism, 6, 6",
        "2 + 2 = 4, 7, 7",
        "お誕生日おめでとう, 9, 8",
    })
    void countsAreThoseOfTheProvider(String text, long cl100k, long o200k) {
        assertThat(loaded("gpt-4").text(text)).isEqualTo(cl100k);
        assertThat(loaded("gpt-4o").text(text)).isEqualTo(o200k);
    }

    @Test
    void noTextIsRefused() {
        JtokkitEstimator tokens = loaded("gpt-4o");

        assertThat(tokens.text("")).isZero();
        assertThat(tokens.text("<|endoftext|>")).as("data, no special token").isGreaterThan(1);
        assertThat(tokens.text("\ud800 alone, and \udc00")).isPositive();
        assertThat(tokens.messages(List.of("a", "b"))).isEqualTo(2 + 2 * TokenEstimator.MESSAGE_OVERHEAD);
    }

    @Test
    void tablesAreLoadedAndShortTextsCountedOnAnEventLoopWithoutBlockingIt() {
        for (String model : List.of("gpt-4", "gpt-4o")) {
            Mono<Long> count = JtokkitEstimator.forModel(model)
                    .publishOn(Schedulers.parallel())
                    .map(tokens -> {
                        assertThat(Schedulers.isInNonBlockingThread()).isTrue();
                        return tokens.text("one two three, ".repeat(20));
                    })
                    .subscribeOn(Schedulers.parallel());
            StepVerifier.create(count)
                    .assertNext(found -> assertThat(found).isBetween(60L, 120L))
                    .expectComplete()
                    .verify(LONG);
        }
    }

    @Test
    void aLongTextIsCountedExactlyAndElsewhere() {
        JtokkitEstimator tokens = loaded("gpt-4o");
        String text = "The quick brown fox jumps over the lazy dog. ".repeat(2_000);
        long exactly = tokens.text(text);
        Mono<String> thread = Mono.defer(() -> tokens.count(text).map(count -> {
                    assertThat(count).isEqualTo(exactly);
                    return Thread.currentThread().getName();
                }))
                .subscribeOn(Schedulers.parallel());

        StepVerifier.create(thread)
                .assertNext(name -> assertThat(name).startsWith("boundedElastic"))
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void onAnEventLoopOnlyTheBeginningOfALongTextIsCounted() {
        JtokkitEstimator tokens = loaded("gpt-4o");
        String begin =
                "The quick brown fox jumps over the lazy dog. ".repeat(200).substring(0, JtokkitEstimator.SHORT);
        String rest = "abcd".repeat(100_000);
        long expected = tokens.text(begin) + 100_000;

        StepVerifier.create(Mono.fromCallable(() -> tokens.text(begin + rest)).subscribeOn(Schedulers.parallel()))
                .expectNext(expected)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void aModelWithoutAVocabularyIsATypedError() {
        StepVerifier.create(JtokkitEstimator.forModel("claude-opus-5"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(VocabularyUnknownException.class)
                        .hasMessageContaining("claude-opus-5"))
                .verify(LONG);
    }

    @Test
    void withoutTheLibraryTheErrorSaysWhatToAdd() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("jtokkit")) {
                path.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader without =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Method load = without.loadClass(Vocabulary.class.getName()).getDeclaredMethod("load");
            load.setAccessible(true);
            Object vocabulary = load.getDeclaringClass().getEnumConstants()[0];
            Throwable error = Objects.requireNonNull(
                    catchThrowable(() -> load.invoke(vocabulary)).getCause());

            assertThat(error.getClass().getName()).isEqualTo(JtokkitMissingException.class.getName());
            assertThat(error).hasMessageContaining("com.knuddels:jtokkit");
        }
    }
}
