package io.sluice.governor;

import io.sluice.call.Call;
import io.sluice.call.CallEnding;
import io.sluice.call.CallRecord;
import io.sluice.failure.FailureClassifier;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One call on its way into the log. */
final class RecordedCall implements Ending {

    private static final int LONGEST_REASON = 200;

    private final CallRecorder recorder;
    private final Call<?> call;
    private final Progress progress;
    private final FailureClassifier classifier;
    private final long id;
    private final Instant startedAt;
    private final long started;

    RecordedCall(CallRecorder recorder, Call<?> call, Progress progress, FailureClassifier classifier) {
        this.recorder = recorder;
        this.call = call;
        this.progress = progress;
        this.classifier = classifier;
        this.id = recorder.nextId();
        this.startedAt = recorder.time.instant();
        this.started = recorder.time.nanos();
    }

    void attemptFailed(Throwable failure) {
        recorder.attemptFailed(id, call, progress.attempts(), failure);
    }

    @Override
    public void answered() {
        Throwable replaced = progress.fallback() == null ? null : progress.replaced();
        record(replaced == null ? CallEnding.COMPLETED : CallEnding.FELL_BACK, replaced);
    }

    @Override
    public void failed(Throwable error) {
        record(Outcomes.ending(error, classifier), error);
    }

    @Override
    public void cancelled() {
        record(CallEnding.CANCELLED, null);
    }

    private void record(CallEnding ending, @Nullable Throwable why) {
        recorder.ended(new CallRecord(
                id,
                call.name(),
                call.key(),
                call.risk(),
                call.requester(),
                recorder.arguments(call),
                startedAt,
                Duration.ofNanos(Math.max(0, recorder.time.nanos() - started)),
                progress.attempts(),
                ending,
                why == null ? null : reason(why),
                progress.usage(),
                progress.cost()));
    }

    private static String reason(Throwable why) {
        String words = OutcomeJson.shown(why);
        return words.length() <= LONGEST_REASON ? words : words.substring(0, LONGEST_REASON - 1) + "…";
    }
}
