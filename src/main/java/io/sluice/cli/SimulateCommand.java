package io.sluice.cli;

import io.sluice.simulator.Latency;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorBuilder;
import io.sluice.simulator.SimulatorReport;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import reactor.netty.ChannelBindException;

/** {@code sluice simulate}: a provider on a port, until it is told to end. */
@Command(
        name = "simulate",
        description = {
            "Serve a simulated provider on a port of this machine, to try agents against: OpenAI's chat completions and"
                    + " Anthropic's messages, with limits that are truly enforced.",
            "It ends with Ctrl-C, or after --for, and prints what it has seen."
        })
final class SimulateCommand implements Callable<Integer> {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = "--port",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "The port (default: any free one).")
    private long port;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "A model to serve; can be given several times (default: any).")
    private final List<String> models = new ArrayList<>();

    @Mixin
    private final SimulatedLimitOptions limits = new SimulatedLimitOptions();

    @Option(
            names = "--latency",
            paramLabel = "TIME[..TIME]",
            description = "How long the work on a request takes, such as 50ms or 50ms..250ms (default: no time).")
    private @Nullable String latency;

    @Option(
            names = "--stream-gap",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The time between the pieces of a streamed answer (default: none).")
    private Duration streamGap = Duration.ZERO;

    @Option(
            names = "--fault",
            paramLabel = "FAULT[@WHEN]",
            converter = FaultConverter.class,
            description = {
                "What goes wrong: a status such as 503 or 529, 429, 429:2s (with that hint), quota, slow-down, reset,"
                        + " reset-after-headers, cut:3 (after 3 pieces), stream-error:3, slow:5s or malformed;",
                "and with which requests: first:3, nth:3, every:10 or 5%% (default: all). Can be given several times."
            })
    private final List<FaultConverter.Given> faults = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Decides all that is random (default: 0).")
    private long seed;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End by itself after this time (default: with Ctrl-C).")
    private @Nullable Duration time;

    @Override
    public Integer call() throws InterruptedException {
        Output print = Output.of(command);
        Simulator simulator = simulator();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(stop, over), "sluice-stop");
        RunningSimulator running = start(simulator);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            print.line("OpenAI:    " + running.baseUrl());
            print.line("Anthropic: " + running.anthropicBaseUrl());
            print.out().flush();
            if (time == null) {
                stop.await();
            } else if (stop.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                print.progress("interrupted");
            }
        } finally {
            running.disposeLater().block(STOP);
            report(running.report(), print);
            over.countDown();
            forget(hook);
        }
        return ExitCode.OK;
    }

    /** Ctrl-C: lets the report be printed before the program ends. */
    private static void stop(CountDownLatch stop, CountDownLatch over) {
        stop.countDown();
        try {
            if (!over.await(STOP.toNanos(), TimeUnit.NANOSECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook is running, and waits for the latch.
        }
    }

    private static void report(SimulatorReport report, Output print) {
        print.line("admitted " + report.admitted() + ", refused " + report.refused() + ", failed " + report.failed()
                + ", tokens " + report.tokens() + ", at most " + report.maxInFlight() + " in flight");
        report.highest()
                .forEach((model, use) -> print.line(model + ": at most " + use.requests() + " requests, " + use.tokens()
                        + " tokens (" + use.inputTokens() + " in, " + use.outputTokens() + " out) at once"));
        print.out().flush();
    }

    private Simulator simulator() {
        try {
            SimulatorBuilder simulator = Simulator.builder()
                    .port(Math.toIntExact(port))
                    .latency(latency())
                    .streamGap(streamGap)
                    .seed(seed);
            ModelLimits each = limits.limits();
            models.forEach(model -> simulator.model(model, each));
            if (models.isEmpty()) {
                simulator.anyModel(each);
            }
            faults.forEach(given -> simulator.fault(given.fault(), given.occasion()));
            return simulator.build();
        } catch (ArithmeticException tooLarge) {
            throw wrong("port must be between 0 and 65535, was " + port);
        } catch (IllegalArgumentException outOfRange) {
            throw wrong(String.valueOf(outOfRange.getMessage()));
        }
    }

    private Latency latency() {
        if (latency == null) {
            return Latency.none();
        }
        DurationConverter times = new DurationConverter();
        String[] bounds = latency.split("\\.\\.", 2);
        try {
            Duration least = times.convert(bounds[0]);
            return bounds.length == 1 ? Latency.fixed(least) : Latency.between(least, times.convert(bounds[1]));
        } catch (TypeConversionException unreadable) {
            throw wrong("Invalid value for option '--latency': " + unreadable.getMessage());
        }
    }

    private static RunningSimulator start(Simulator simulator) {
        RunningSimulator running;
        try {
            running = simulator.start().block(START);
        } catch (ChannelBindException refused) {
            throw BatchFailedException.port(new BindException(refused.getMessage()));
        }
        if (running == null) {
            throw new IllegalStateException("the simulator did not start");
        }
        return running;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
