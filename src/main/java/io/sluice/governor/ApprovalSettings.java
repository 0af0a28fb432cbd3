package io.sluice.governor;

import java.time.Duration;

/**
 * How approvals are to be asked for, as a configuration says it to the channel that asks.
 *
 * @param timeout how long to wait for a decision
 * @param pollInterval how often to look for one, where nobody tells
 * @param approveOnTimeout what happens when nobody has decided by then: false declines
 */
public record ApprovalSettings(Duration timeout, Duration pollInterval, boolean approveOnTimeout) {}
