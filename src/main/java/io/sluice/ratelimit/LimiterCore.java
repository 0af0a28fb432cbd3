package io.sluice.ratelimit;

import io.sluice.failure.Backoff;
import io.sluice.failure.FailureClassifier;
import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * What all queues of one limiter share.
 *
 * @param time the limiter's clock
 * @param handOver where waiting calls resume
 * @param news who is told what happens
 * @param random in [0, 1), for jitter
 * @param classifier what failures of calls mean
 * @param backoff how long to pause where a refusal does not say it
 * @param learnLimits whether the limits that answers state take the place of the profile's
 * @param processingTime what answers say of the time that they took
 * @param window the span that limits count for
 * @param maxPending how many calls may wait for one key
 * @param order who goes before whom
 * @param successors where a call goes whose queue has retired before it took the call in
 * @param numbers numbers of permits
 * @param name what the names of permits begin with, different for each limiter of each process
 */
record LimiterCore(
        TimeSource time,
        HandOver handOver,
        LimiterNews news,
        DoubleSupplier random,
        FailureClassifier classifier,
        Backoff backoff,
        boolean learnLimits,
        ProcessingTime processingTime,
        Duration window,
        int maxPending,
        QueueOrder order,
        Function<Waiter, PermitQueue> successors,
        AtomicLong numbers,
        String name) {}
