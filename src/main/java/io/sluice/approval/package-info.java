/**
 * Approvals: a person decides whether a call may be made, durably, and is never misread.
 * {@link io.sluice.approval.ApprovalFlow} is the door; {@link io.sluice.approval.ApprovalStore} keeps the state, and each
 * {@link io.sluice.approval.ApprovalChannel} asks people and hands in what they say.
 *
 * <p>Inside, from the bottom up: {@code ApprovalRecord} (all that is known about one request, immutable), {@code Ruling} (the
 * rules: the only place that decides, given the time), the store (one version after the other, by compare-and-set), {@code
 * ApprovalFlow} (queues, times, notifies).
 */
@NullMarked
package io.sluice.approval;

import org.jspecify.annotations.NullMarked;
