package io.sluice.cli;

import io.sluice.SluiceException;
import io.sluice.batch.Batch;
import io.sluice.batch.BatchSummary;
import io.sluice.batch.BatchTally;
import io.sluice.batch.ResultFile;
import io.sluice.batch.ResultsUnwritableException;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.llm.LlmAdapter;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.store.file.StateFile;
import io.sluice.store.file.StateSaver;
import io.sluice.transport.NettyTransport;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.Exceptions;

/** {@code sluice batch}: a file of prompts in, a file of answers out, within the provider's limits. */
@Command(
        name = "batch",
        description = {
            "Send the prompts of a file, one JSON object a line, as fast as the limits allow, and write one result a line.",
            "A line is OpenAI's batch format, the body of a chat completion, or {\"prompt\": \"...\"}."
        })
final class BatchCommand implements Callable<Integer> {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(10);

    /** How many lines are worked on beyond those that can be in flight, so that one is always ready. */
    private static final int READY = 16;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "IN.jsonl", description = "The prompts; - for standard input.")
    private String input = "";

    @Mixin
    private final ResultOptions result = new ResultOptions();

    @Mixin
    private final ProviderOptions provider = new ProviderOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Mixin
    private final BudgetOptions spending = new BudgetOptions();

    @Mixin
    private final RetryOptions retrying = new RetryOptions();

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Override
    public Integer call() throws IOException {
        Output print = Output.of(command);
        checked(() -> PathConverter.path(input));
        Prompts prompts = new Prompts(input);
        Path results = checked(() -> result.file(prompts));
        prompts.requireReadable();
        if (prompts.isSameFile(results)) {
            throw wrong("the results would overwrite the prompts in " + input + "; name another file with -o");
        }
        checked(() -> {
            result.check(prompts);
            return results;
        });
        ProviderRetry retry = checked(retrying::retry);
        boolean simulated = provider.isSimulated();
        RateLimitProfiles profiles = checked(() -> limits.profiles(simulated, project, print));
        Budget budget = spending.budget(provider, project);
        Duration window = limits.window(simulated);
        int calls = checked(limits::mostCalls);
        // The simulator forgets with each run, so there is nothing to go on from.
        StateFile.Contents known = simulated ? null : state(print);
        ModelRateLimiter limiter = checked(() -> ModelRateLimiter.builder()
                .profiles(profiles)
                .window(window)
                .classifier(RetryOptions.PATIENT)
                .restore(known == null ? List.of() : known.states())
                .build());
        StateSaver saver = known == null
                ? null
                : StateSaver.of(limiter, project.stateFile()).window(window).start();
        NettyTransport transport =
                NettyTransport.builder().maxConnections(calls).build();
        RunningSimulator simulator = null;
        LlmAdapter called = null;
        try {
            LlmAdapter adapter;
            if (simulated) {
                simulator = simulator(window);
                adapter = provider.simulated(transport, simulator.baseUrl());
            } else {
                adapter = checked(() -> provider.adapter(transport, calls));
            }
            called = adapter;
            Batch.Builder batch = Batch.builder()
                    .adapter(adapter)
                    .limiter(limiter)
                    .retry(retry)
                    .inFlight(calls + READY);
            String model = provider.model();
            if (model != null) {
                checked(() -> batch.model(model));
            }
            if (budget != null) {
                batch.budget(budget);
            }
            Batch ready = batch.build();
            GracefulStop stop = GracefulStop.of(ready, print.err());
            try {
                long started = System.nanoTime();
                BatchSummary summary = run(ready, limiter, prompts, results, print);
                Duration took = Duration.ofNanos(System.nanoTime() - started);
                new BatchReport(summary, profiles, window, took).lines().forEach(print::line);
                if (budget != null) {
                    print.line(SpendingLines.spent(budget.snapshot()));
                }
                print.line("results: " + results);
                BudgetExceededException refusal = ready.outOfBudget();
                if (refusal != null) {
                    print.progress(SpendingLines.left(refusal, result.left(results, prompts)));
                    return ExitCode.OUT_OF_BUDGET;
                }
                return summary.failed() + summary.skippedFailed() == 0 ? ExitCode.OK : ExitCode.FAILED;
            } finally {
                print.out().flush();
                stop.over();
            }
        } finally {
            limiter.dispose();
            if (budget != null) {
                budget.dispose();
            }
            if (saver != null) {
                saver.disposeLater().block(STOP);
            }
            if (called != null) {
                PortableLlm.disposeLater(called).block(STOP);
            }
            transport.disposeLater().block(STOP);
            if (simulator != null) {
                simulator.disposeLater().block(STOP);
            }
        }
    }

    /** What was called under these limits before, which the provider still counts; null where that file cannot be used. */
    private StateFile.@Nullable Contents state(Output print) {
        try {
            return project.readState(print);
        } catch (SluiceException unusable) {
            print.warning(unusable.getMessage() + " What this batch does is not saved there.");
            return null;
        }
    }

    private BatchSummary run(Batch batch, ModelRateLimiter limiter, Prompts prompts, Path results, Output print) {
        BatchTally tally = new BatchTally();
        ResultFile file = result.open(results, prompts, print);
        BatchProgress progress =
                new BatchProgress(tally::summary, limiter, prompts.size(), Terminal.isThere(), print.err());
        try (file) {
            batch.run(prompts.lines(), file, tally).block();
        } catch (IOException failure) {
            throw BatchFailedException.broken(results.toString(), failure);
        } catch (RuntimeException failure) {
            if (Exceptions.unwrap(failure) instanceof ResultsUnwritableException reason) {
                throw BatchFailedException.broken(results.toString(), reason);
            }
            if (Exceptions.unwrap(failure) instanceof IOException reason) {
                throw BatchFailedException.broken(input, reason);
            }
            throw failure;
        } finally {
            progress.end();
        }
        BatchSummary summary = tally.summary();
        if (file.earlier().lines() > 0 && summary.skipped() == 0 && !prompts.canBeReadTwice()) {
            print.warning(ResultOptions.ofOthers(results, prompts));
        }
        return summary;
    }

    private RunningSimulator simulator(Duration window) {
        Simulator simulator = checked(() -> Simulator.builder()
                .anyModel(ModelLimits.of(limits.simulatedRpm(), limits.simulatedTpm()))
                .window(window)
                .latency(Duration.ofMillis(50), Duration.ofMillis(250))
                .build());
        RunningSimulator running;
        try {
            running = simulator.start().block(START);
        } catch (RuntimeException failure) {
            if (Exceptions.unwrap(failure) instanceof BindException refused) {
                throw BatchFailedException.port(refused);
            }
            throw failure;
        }
        if (running == null) {
            throw new IllegalStateException("the simulator did not start");
        }
        return running;
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
