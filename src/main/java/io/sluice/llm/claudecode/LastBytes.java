package io.sluice.llm.claudecode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The end of what a program says about itself, read to its end so that it is never held up. */
final class LastBytes implements Runnable {

    /** Enough for the error that a program ends with. */
    private static final int KEPT = 8 << 10;

    private final InputStream output;
    private final byte[] last = new byte[KEPT];
    private final Semaphore over = new Semaphore(0);

    /** Written by the reading thread before it is over. */
    private long total;

    LastBytes(InputStream output) {
        this.output = output;
    }

    @Override
    public void run() {
        byte[] piece = new byte[KEPT];
        try {
            for (int read = output.read(piece); read >= 0; read = output.read(piece)) {
                for (int i = 0; i < read; i++) {
                    last[(int) (total++ % KEPT)] = piece[i];
                }
            }
        } catch (IOException closed) {
            // The program is being ended; what it said until then is enough.
        } finally {
            over.release();
        }
    }

    boolean isOver() {
        return over.availablePermits() > 0;
    }

    /** What was said last, once all of it was read or so much time is over; then nothing, if it is being said still. */
    String text(long millis) throws InterruptedException {
        if (!over.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            return "";
        }
        over.release();
        int length = (int) Math.min(total, KEPT);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = last[(int) ((total - length + i) % KEPT)];
        }
        return new String(text, StandardCharsets.UTF_8);
    }
}
