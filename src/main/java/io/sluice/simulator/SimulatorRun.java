package io.sluice.simulator;

/**
 * A simulator at work, on a port or in process, with windows and a report of its own. Thread-safe.
 */
public sealed interface SimulatorRun permits RunningSimulator, SimulatedTransport {

    /** What an OpenAI client takes for its base address, such as {@code http://127.0.0.1:40123/v1}. */
    String baseUrl();

    /** What an Anthropic client takes for its base address, such as {@code http://127.0.0.1:40123}. */
    String anthropicBaseUrl();

    /** What it has seen up to now. */
    SimulatorReport report();

    /**
     * From now on, lets this happen. Where several faults are on, the first that was added decides.
     *
     * @param fault what goes wrong
     * @param occasion with which requests, counted from now on
     */
    void inject(Fault fault, Occasion occasion);

    /** From now on, nothing goes wrong any more, not even what the builder was told. */
    void clearFaults();
}
