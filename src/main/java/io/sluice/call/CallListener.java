package io.sluice.call;

/**
 * Hears of every governed call and loses none, unlike events: for counters, traces and logs. Called on the thread of the
 * signal that it tells of, before whoever made the call hears of that: it must return at once and not block. What it throws is
 * dropped and changes nothing about the call.
 */
public interface CallListener {

    /**
     * An attempt was sent and failed; another one may follow.
     *
     * @param id the number of the call, as in {@link CallRecord#id}
     * @param call what was asked for; its arguments may hold prompts and secrets
     * @param attempt which attempt it was, from 1
     * @param failure its failure as it came, which may quote what was sent
     */
    default void attemptFailed(long id, Call<?> call, int attempt, Throwable failure) {}

    /** A call is over, in whatever way. */
    default void ended(CallRecord call) {}
}
