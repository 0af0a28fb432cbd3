package io.sluice.batch;

/**
 * How far an earlier run came with an input.
 *
 * @param answered lines with an answer
 * @param failed lines with an error
 * @param missing lines without a result
 */
public record ResumePoint(long answered, long failed, long missing) {

    /** The lines with a result. */
    public long done() {
        return answered + failed;
    }
}
