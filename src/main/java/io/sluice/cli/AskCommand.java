package io.sluice.cli;

import io.sluice.governor.Governor;
import io.sluice.llm.GovernedLlm;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.retry.ProviderRetry;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.transport.NettyTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.Exceptions;

/** {@code sluice ask}: one prompt, one answer. */
@Command(
        name = "ask",
        description = {
            "Ask a model, and print its answer. What it used is told on the error stream.",
            "Rate limits, overload and broken connections are tried again."
        })
final class AskCommand implements Callable<Integer> {

    private static final Duration STOP = Duration.ofSeconds(10);

    /** More than any model reads. */
    private static final int MOST_BYTES = 32 << 20;

    private static final int MOST_ATTEMPTS = 100;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "PROMPT", description = "The prompt; - for standard input.")
    private String prompt = "";

    @Mixin
    private final ProviderOptions provider = new ProviderOptions();

    @Option(names = "--stream", description = "Print the answer as it is written.")
    private boolean stream;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before the prompt.")
    private @Nullable String system;

    @Option(
            names = "--max-output",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Tokens to answer with at most (default: the provider's).")
    private @Nullable Long maxOutput;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long it may take until the answer is whole, or with --stream begins, such as 90s"
                    + " (default: 30m).")
    private @Nullable Duration timeout;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Requests at most (default: 3). 1 repeats nothing.")
    private Long attempts = 3L;

    @Override
    public Integer call() {
        Output print = Output.of(command);
        ProviderRetry retry = checked(this::retry);
        NettyTransport transport = NettyTransport.builder().maxConnections(2).build();
        RunningSimulator simulator = null;
        LlmAdapter adapter = null;
        try {
            if (provider.isSimulated()) {
                simulator = Objects.requireNonNull(Simulator.builder()
                        .anyModel(ModelLimits.unlimited())
                        .build()
                        .start()
                        .block(STOP));
                adapter = provider.simulated(transport, simulator.baseUrl());
            } else {
                adapter = checked(() -> provider.adapter(transport, 1));
            }
            LlmRequest request = checked(this::request);
            LlmAdapter asked = adapter;
            try (StopOnInterrupt stop = StopOnInterrupt.of(asked)) {
                ask(new GovernedLlm(asked, Governor.builder().retry(retry).build()), request, stop, print);
            }
            return ExitCode.OK;
        } finally {
            if (adapter != null) {
                PortableLlm.disposeLater(adapter).block(STOP);
            }
            transport.disposeLater().block(STOP);
            if (simulator != null) {
                simulator.disposeLater().block(STOP);
            }
        }
    }

    private ProviderRetry retry() {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("--max-attempts must be between 1 and 100, was " + attempts);
        }
        return ProviderRetry.attempts(attempts.intValue());
    }

    private LlmRequest request() {
        String model = provider.model();
        if (model == null) {
            throw new IllegalArgumentException("no model was given; name one with --model");
        }
        LlmRequest.Builder request = LlmRequest.builder(model);
        if (system != null) {
            request.system(system);
        }
        String text = prompt.equals("-") ? standardInput() : prompt;
        if (text.isBlank()) {
            throw new IllegalArgumentException("the prompt is empty");
        }
        request.user(text);
        if (maxOutput != null) {
            request.maxOutput(maxOutput);
        }
        if (timeout != null) {
            request.deadline(timeout);
        }
        return request.build();
    }

    private static String standardInput() {
        InputStream in = System.in;
        try {
            byte[] read = in.readNBytes(MOST_BYTES + 1);
            if (read.length > MOST_BYTES) {
                throw new IllegalArgumentException("the prompt has more than " + MOST_BYTES + " bytes");
            }
            return new String(read, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw AskFailedException.input(unreadable);
        }
    }

    private void ask(GovernedLlm llm, LlmRequest request, StopOnInterrupt stop, Output print) {
        long started = System.nanoTime();
        Asked asked = new Asked(print);
        try {
            if (stream) {
                llm.stream(request)
                        .doOnNext(asked::piece)
                        .takeUntilOther(stop.asked())
                        .blockLast();
            } else {
                llm.execute(request)
                        .doOnNext(asked::whole)
                        .takeUntilOther(stop.asked())
                        .block();
            }
        } catch (RuntimeException failure) {
            asked.breakLine();
            Throwable reason = Exceptions.unwrap(failure);
            if (reason instanceof IOException network) {
                throw AskFailedException.network(network);
            }
            if (reason instanceof IllegalArgumentException unfit) {
                throw wrong(String.valueOf(unfit.getMessage()));
            }
            throw reason instanceof RuntimeException own ? own : failure;
        }
        asked.breakLine();
        if (!stop.isAsked()) {
            asked.summary(llm.key(request).toString(), Duration.ofNanos(System.nanoTime() - started));
        }
    }

    /** What has come of it. Told by one signal at a time. */
    private static final class Asked {

        private final Output print;
        private TokenUsage usage = TokenUsage.UNKNOWN;
        private @Nullable Money cost;
        private @Nullable String reason;
        private boolean inLine;

        Asked(Output print) {
            this.print = print;
        }

        void whole(LlmResponse response) {
            usage = response.usage();
            cost = response.cost();
            reason = response.finishReason();
            say(response.text());
        }

        void piece(LlmChunk piece) {
            usage = piece.usage() == null ? usage : piece.usage();
            cost = piece.cost() == null ? cost : piece.cost();
            reason = piece.finishReason() == null ? reason : piece.finishReason();
            say(piece.text());
        }

        private void say(String text) {
            if (!text.isEmpty()) {
                print.out().print(AnswerText.of(text));
                print.out().flush();
                inLine = !text.endsWith("\n");
            }
        }

        void breakLine() {
            if (inLine) {
                print.out().println();
                print.out().flush();
                inLine = false;
            }
        }

        void summary(String model, Duration took) {
            StringBuilder line = new StringBuilder(model).append(": ");
            line.append(tokens(usage.hasInput(), usage.inputOr(0))).append(" tokens in, ");
            line.append(tokens(usage.hasOutput(), usage.outputOr(0))).append(" out");
            if (cost != null) {
                line.append(", ").append(cost);
            }
            line.append(", ").append(Math.floor(took.toMillis() / 100.0) / 10).append(" s");
            if (reason != null) {
                line.append(", ended with ").append(reason);
            }
            print.progress(line.toString());
        }

        private static String tokens(boolean known, long tokens) {
            return known ? String.valueOf(tokens) : "unknown";
        }
    }

    private <T> T checked(Callable<T> made) {
        try {
            return made.call();
        } catch (IllegalArgumentException outOfRange) {
            throw wrong(String.valueOf(outOfRange.getMessage()));
        } catch (RuntimeException other) {
            throw other;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
