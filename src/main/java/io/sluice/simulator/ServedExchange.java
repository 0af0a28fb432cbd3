package io.sluice.simulator;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.transport.BodyBytes;
import io.sluice.transport.BodyTooLargeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The core on a connection. */
final class ServedExchange {

    /** The largest body that is read, in bytes. */
    private static final int MAX_BODY = 32 << 20;

    /** How long a client gets to read what was sent before the connection ends on it. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final SimulatedService service;

    ServedExchange(SimulatedService service) {
        this.service = service;
    }

    Publisher<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        String path = request.fullPath();
        return BodyBytes.whole(request.receive().asByteArray(), MAX_BODY)
                .flatMap(body -> service.answer(
                        new SimulatedRequest(request.method().name(), path, request.requestHeaders()::get, body)))
                .onErrorResume(
                        BodyTooLargeException.class,
                        tooLarge -> Mono.fromSupplier(() -> service.provider().tooLarge(path, MAX_BODY)))
                .flatMap(answer -> give(answer, response).doOnCancel(answer::end));
    }

    private Mono<Void> give(SimulatedAnswer answer, HttpServerResponse response) {
        Ending ending = answer.course().ending();
        if (ending == Ending.RESET_BEFORE_HEADERS) {
            return end(response, ServedExchange::reset);
        }
        response.status(answer.status());
        answer.headers().forEach(response::header);
        if (ending == Ending.WHOLE) {
            return whole(answer, response);
        }
        if (ending == Ending.RESET_AFTER_HEADERS) {
            answer.end();
            return response.sendHeaders().then().then(end(response, ServedExchange::reset));
        }
        Flux<byte[]> body = service.body(answer)
                .onErrorResume(cut -> end(response, ServedExchange::close).then(Mono.empty()));
        return flushed(body, response).then();
    }

    private Mono<Void> whole(SimulatedAnswer answer, HttpServerResponse response) {
        SimulatedAnswer.Course course = answer.course();
        Flux<byte[]> body = service.body(answer);
        if (!course.firstByte().isZero()) {
            return response.sendHeaders().then().then(flushed(body, response).then());
        }
        // The length of a plain answer is known, of a stream it is not.
        return course.streamed()
                ? flushed(body, response).then()
                : response.sendByteArray(body.single()).then();
    }

    /** Each piece on its way at once. */
    private static NettyOutbound flushed(Flux<byte[]> body, HttpServerResponse response) {
        return response.send(body.map(Unpooled::wrappedBuffer), piece -> true);
    }

    /** Ends the connection after a moment of real time, whatever the simulator's clock. Does not terminate before. */
    private static Mono<Void> end(HttpServerResponse response, Consumer<Channel> how) {
        return Mono.create(sink -> response.withConnection(connection -> {
            Channel channel = connection.channel();
            ScheduledFuture<?> unused =
                    channel.eventLoop().schedule(() -> how.accept(channel), MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        }));
    }

    /** Closing with nothing to linger for is a reset. */
    private static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close(channel);
    }

    private static void close(Channel channel) {
        ChannelFuture unused = channel.close();
    }
}
