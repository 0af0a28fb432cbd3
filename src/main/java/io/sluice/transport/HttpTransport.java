package io.sluice.transport;

import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Sends HTTP requests. Implementations are thread-safe. */
public interface HttpTransport {

    /**
     * One exchange: sends the request, and gives the answer to {@code handler} as soon as its headers are here. The
     * connection lives exactly as long as the publisher that the handler returns: when that terminates, what is left of
     * the body is thrown away, and when the returned flux is cancelled, the connection is closed.
     *
     * <pre>
     * subscribe --- connect --- request --- headers: handler ---[ elements of the handler's publisher ]--- complete
     * cancel at any place: the connection is closed, whatever the provider does with the request by then
     * </pre>
     *
     * <p>Nothing is sent before subscription; each subscription sends once. Any status is an answer and no error; redirects
     * are answers too. Failures of the network are of the {@link java.io.IOException} family, errors of the handler pass
     * unchanged. Signals arrive on a thread of the implementation that must not be blocked.
     *
     * <p>An implementation tells the {@link io.sluice.call.AnswerListener} of its subscriber's Context, if there is one, of
     * the answer's headers before it calls the handler.
     *
     * @param request what to send
     * @param handler turns the answer into elements; called once, at most
     * @param <T> the elements
     */
    <T> Flux<T> exchange(
            TransportRequest request, Function<? super TransportResponse, ? extends Publisher<? extends T>> handler);
}
