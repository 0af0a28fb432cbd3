package io.sluice.bench.costs;

import org.openjdk.jmh.annotations.Threads;

/** Two threads on one key. */
@Threads(2)
public class TwoThreads extends PermitCosts {}
