package io.sluice.simulator;

import io.sluice.call.AnswerListener;
import io.sluice.time.TimeSource;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.TransportRequest;
import io.sluice.transport.TransportResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * A simulator in process: a transport that answers itself, whatever host it is asked for, and waits on the simulator's
 * scheduler alone, so that an agent can be tested on virtual time. Give it to an adapter in place of a real transport:
 *
 * <pre>{@code
 * StepVerifier.withVirtualTime(() -> {
 *             SimulatedTransport transport = Simulator.builder().anyModel(ModelLimits.of(60, 100_000)).build().transport();
 *             return agent(transport, transport.baseUrl());
 *         })
 *         .thenAwait(Duration.ofHours(1)) ...
 * }</pre>
 *
 * <p>Thread-safe. Signals arrive on the scheduler, or, where nothing takes time, on the subscriber's thread. Faults of the
 * network are {@link IOException}s.
 */
public final class SimulatedTransport implements HttpTransport, SimulatorRun {

    /** A host that no network has (RFC 2606 section 2). */
    private static final String ADDRESS = "http://simulator.test";

    private final SimulatedService service;

    SimulatedTransport(SimulatorSettings settings, TimeSource time) {
        this.service = new SimulatedService(settings, time);
    }

    @Override
    public <T> Flux<T> exchange(
            TransportRequest request, Function<? super TransportResponse, ? extends Publisher<? extends T>> handler) {
        return Flux.deferContextual(context -> {
            AnswerListener listener = AnswerListener.of(context);
            return service.answer(read(request)).flatMapMany(answer -> {
                if (answer.course().ending() == Ending.RESET_BEFORE_HEADERS) {
                    return Flux.error(reset());
                }
                SimulatedResponse response = new SimulatedResponse(answer, service);
                if (listener != null) {
                    listener.answered(response::headers);
                }
                // What the handler leaves of the body is thrown away, and the call is over.
                return Flux.<T>defer(() -> Flux.from(handler.apply(response)))
                        .doOnTerminate(answer::end)
                        .doOnCancel(answer::end);
            });
        });
    }

    /** The address that it calls itself by; it answers to any other as well. */
    @Override
    public String baseUrl() {
        return ADDRESS + "/v1";
    }

    @Override
    public String anthropicBaseUrl() {
        return ADDRESS;
    }

    @Override
    public SimulatorReport report() {
        return service.provider().report();
    }

    @Override
    public void inject(Fault fault, Occasion occasion) {
        service.provider().faults().add(new FaultRules.Rule(fault, occasion));
    }

    @Override
    public void clearFaults() {
        service.provider().faults().clear();
    }

    private static IOException reset() {
        IOException broken = SimulatedService.broken(Ending.RESET_BEFORE_HEADERS);
        return broken == null ? new IOException() : broken;
    }

    private static SimulatedRequest read(TransportRequest request) {
        Map<String, @Nullable String> headers = new HashMap<>();
        request.forEachHeader((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        String path = request.uri().getPath();
        return new SimulatedRequest(request.method(), path == null ? "" : path, headers::get, request.body());
    }

    /** An answer as a transport gives it. */
    private record SimulatedResponse(SimulatedAnswer answer, SimulatedService service) implements TransportResponse {

        @Override
        public int status() {
            return answer.status();
        }

        @Override
        public List<String> headers(String name) {
            String value = answer.headers().get(name.toLowerCase(Locale.ROOT));
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public Flux<byte[]> body() {
            return service.body(answer);
        }
    }
}
