package io.sluice.governor;

import io.sluice.approval.Execution;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was decided about a call that somebody had to approve. */
public sealed interface Decision {

    /** The call may be made as it is. */
    static Decision approved() {
        return new Approved(null, null);
    }

    /**
     * The call may be made with other arguments.
     *
     * @param arguments of the type of the call's own
     */
    static Decision approvedWith(Object arguments) {
        return new Approved(Objects.requireNonNull(arguments, "arguments"), null);
    }

    /**
     * The call may be made once, and whoever approved it is told how that ended.
     *
     * @param edited the arguments to make it with; null for its own
     * @param execution the right to make it, which {@link io.sluice.approval.ApprovalFlow#claim} gives
     */
    static Decision approvedOnce(@Nullable Object edited, Execution execution) {
        return new Approved(edited, Objects.requireNonNull(execution, "execution"));
    }

    /**
     * The call must not be made.
     *
     * @param reason for whoever wanted it; not blank
     */
    static Decision declined(String reason) {
        return new Declined(reason);
    }

    /**
     * The call may be made.
     *
     * @param edited the arguments to make it with; null for its own
     * @param execution is told how it ended; null where nobody asks
     */
    record Approved(@Nullable Object edited, @Nullable Execution execution) implements Decision {

        /** Leaves out the arguments, which may hold prompts and secrets. */
        @Override
        public String toString() {
            return edited == null ? "Approved" : "Approved[edited]";
        }
    }

    /**
     * The call must not be made.
     *
     * @param reason for whoever wanted it; not blank
     */
    record Declined(String reason) implements Decision {

        /**
         * @throws IllegalArgumentException if the reason is blank
         */
        public Declined {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("the reason of a declined call must not be blank");
            }
        }
    }
}
