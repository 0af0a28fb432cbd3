package io.sluice.bench.costs;

import org.openjdk.jmh.annotations.Threads;

/** One thread on one key. */
@Threads(1)
public class OneThread extends PermitCosts {}
