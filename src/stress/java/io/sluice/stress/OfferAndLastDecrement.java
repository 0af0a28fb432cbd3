package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.sluice.support.SingleWriter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Notes come while the writer leaves. How many were carried out, and how many the writer has looked at since. */
@JCStressTest
@Outcome(id = "3, 3", expect = ACCEPTABLE, desc = "Each was carried out once, and looked at.")
@Outcome(id = "[012], .*", expect = FORBIDDEN, desc = "A note lies in the mailbox, and nobody comes for it; or two wrote at once.")
@Outcome(id = "3, [012]", expect = FORBIDDEN, desc = "What followed from the last note was not seen: a lost wake-up.")
@Outcome(expect = FORBIDDEN, desc = "A note was carried out twice.")
@State
public class OfferAndLastDecrement {

    /** Counts without any care of its own: only the writer may. */
    private static final class Notes extends SingleWriter {

        private int carriedOut;
        private int seen;

        void leaveOne() {
            post(() -> carriedOut++);
        }

        void enterWithOne() {
            run(() -> carriedOut++);
        }

        @Override
        protected void look() {
            seen = carriedOut;
        }

        @Override
        protected void afterwards() {}
    }

    private final Notes notes = new Notes();

    @Actor
    public void one() {
        notes.leaveOne();
    }

    @Actor
    public void other() {
        notes.enterWithOne();
        notes.leaveOne();
    }

    @Arbiter
    public void judge(II_Result result) {
        result.r1 = notes.carriedOut;
        result.r2 = notes.seen;
    }
}
