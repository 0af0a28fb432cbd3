package io.sluice.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class ServerSentEventsTest {

    private static final String STREAM = "\uFEFF: a comment\n"
            + "data: {\"a\":1}\n"
            + "\n"
            + "event: delta\r\n"
            + "data:no blank\r\n"
            + "data:  one blank stays\r\n"
            + "id: 7\r\n"
            + "retry: 10\r\n"
            + "\r\n"
            + "data\r\r"
            + ": OPENROUTER PROCESSING\n\n"
            + "event: nothing said\n\n"
            + "data: größer als 日本 😀\n\n"
            + "data: [DONE]";

    private static final List<ServerSentEvent> EVENTS = List.of(
            new ServerSentEvent(null, "{\"a\":1}"),
            new ServerSentEvent("delta", "no blank\n one blank stays"),
            new ServerSentEvent(null, ""),
            new ServerSentEvent(null, "größer als 日本 😀"),
            new ServerSentEvent(null, "[DONE]"));

    @Test
    void eventsAreReadHoweverTheBodyIsCut() {
        byte[] bytes = STREAM.getBytes(UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            List<byte[]> pieces = new ArrayList<>();
            int at = 0;
            while (at < bytes.length) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(round % 40 + 1));
                pieces.add(Arrays.copyOfRange(bytes, at, to));
                at = to;
            }
            assertThat(ServerSentEvents.of(Flux.fromIterable(pieces))
                            .collectList()
                            .block())
                    .as("round %s", round)
                    .isEqualTo(EVENTS);
        }
    }

    @Test
    void anEventComesAsSoonAsItIsWhole() {
        TestPublisher<byte[]> body = TestPublisher.create();
        StepVerifier.create(ServerSentEvents.of(body.flux()).map(ServerSentEvent::data))
                .then(() -> body.next("data: a\n".getBytes(UTF_8)))
                .then(() -> body.next("\n".getBytes(UTF_8)))
                .expectNext("a")
                .then(() -> body.next("data: b\n\ndata: c\n\n".getBytes(UTF_8)))
                .expectNext("b", "c")
                .then(body::complete)
                .verifyComplete();
    }

    @Test
    void aSlowConsumerHoldsTheBodyUp() {
        TestPublisher<byte[]> body = TestPublisher.create();
        StepVerifier.create(ServerSentEvents.of(body.flux()).map(ServerSentEvent::data), 1)
                .then(() -> body.next("data: a\n\ndata: b\n\n".getBytes(UTF_8)))
                .expectNext("a")
                .thenRequest(1)
                .expectNext("b")
                .thenCancel()
                .verify();
        body.assertCancelled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: 0123456789", "data: 01234\ndata: 56789", "0123456789012345"})
    void anEventThatIsTooLargeEndsTheStream(String stream) {
        StepVerifier.create(ServerSentEvents.of(Flux.just("data: a\n\n".getBytes(UTF_8), stream.getBytes(UTF_8)), 9))
                .expectNext(new ServerSentEvent(null, "a"))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(EventTooLargeException.class)
                        .hasMessage("an event of the stream has more than the 9 bytes that are kept; ask for less at"
                                + " once"));
    }

    @Test
    void eachSubscriptionReadsAfresh() {
        Flux<ServerSentEvent> events = ServerSentEvents.of(Flux.just("data: a".getBytes(UTF_8)));
        StepVerifier.create(events.concatWith(events).map(ServerSentEvent::data))
                .expectNext("a", "a")
                .verifyComplete();
    }

    @Test
    void binaryRubbishIsNoEventAndNoError() {
        byte[] rubbish = new byte[100_000];
        new Random(1).nextBytes(rubbish);
        StepVerifier.create(ServerSentEvents.of(Flux.just(rubbish)).filter(event -> event.name() != null))
                .verifyComplete();
    }
}
