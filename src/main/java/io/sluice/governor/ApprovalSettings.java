package io.sluice.governor;

import io.sluice.approval.ApprovalTerms;
import io.sluice.approval.OnTimeout;
import java.time.Duration;

/**
 * How approvals are to be asked for, as a configuration says it to the channel that asks.
 *
 * @param timeout how long to wait for a decision
 * @param pollInterval how often to look for one, where nobody tells
 * @param approveOnTimeout what happens when nobody has decided by then: false declines
 */
public record ApprovalSettings(Duration timeout, Duration pollInterval, boolean approveOnTimeout) {

    /** The terms of requests that are asked for like this. */
    public ApprovalTerms terms() {
        return ApprovalTerms.STANDARD
                .timeout(timeout)
                .onTimeout(approveOnTimeout ? OnTimeout.APPROVE : OnTimeout.REJECT);
    }
}
