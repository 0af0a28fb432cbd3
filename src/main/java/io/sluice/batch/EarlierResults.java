package io.sluice.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file of results held when it was opened. Of each result only a fingerprint is kept, about 40 bytes, however long
 * the answer is. Not thread-safe; a batch that runs reads it only.
 */
public final class EarlierResults {

    /** The longest line that is taken for a result: an answer of 32 MiB, and room for what is around it. */
    static final int MAX_RESULT = 2 * LineReader.MAX_LINE;

    private static final int SHOWN_DAMAGES = 100;

    private static final int ANSWERED = 1;
    private static final int FAILED = 2;
    private static final int TO_RETRY = 3;

    private final FingerprintTable lines = new FingerprintTable();
    private final List<Long> damages = new ArrayList<>();
    private long answered;
    private long failed;
    private long damaged;
    private boolean torn;

    EarlierResults() {}

    /**
     * Reads what is there.
     *
     * @return how many bytes of it stay: all, or all but the last line, where that was written in part
     * @throws ResultsUnusableException if there are lines, and none of them is a result
     */
    long read(Path file) throws IOException {
        try (LineReader reader = new LineReader(Files.newInputStream(file), MAX_RESULT)) {
            long begin = 0;
            long tornLine = 0;
            for (BatchLine line = reader.next(); line != null; line = reader.next()) {
                if (tornLine != 0) {
                    // It is not the last one.
                    addDamage(tornLine);
                    tornLine = 0;
                }
                begin = reader.position() - line.length();
                ResultHead head = head(line);
                byte[] bytes = line.bytes();
                if (head != null) {
                    add(head);
                } else if (bytes != null && ResultHead.isTorn(bytes)) {
                    tornLine = line.number();
                } else {
                    addDamage(line.number());
                }
            }
            if (damaged > 0 && lines() == 0) {
                throw ResultsUnusableException.foreign(file, damages.get(0));
            }
            torn = tornLine != 0;
            return torn ? begin : reader.position();
        }
    }

    private static @Nullable ResultHead head(BatchLine line) {
        byte[] bytes = line.bytes();
        return bytes == null ? null : ResultHead.read(bytes);
    }

    private void addDamage(long number) {
        damaged++;
        if (damages.size() < SHOWN_DAMAGES) {
            damages.add(number);
        }
    }

    /** An answer stays one, whatever else the file says of the same line. */
    private void add(ResultHead head) {
        Fingerprint line = head.fingerprint();
        int known = lines.get(line);
        if (known == 0 && head.failed()) {
            lines.put(line, FAILED);
            failed++;
        } else if (known != ANSWERED && !head.failed()) {
            lines.put(line, ANSWERED);
            answered++;
            failed -= known == FAILED ? 1 : 0;
        }
    }

    /**
     * Goes through an input, and counts what there is of it.
     *
     * @param retry whether the errors of its lines count no more
     */
    ResumePoint match(BatchInput input, boolean retry) throws IOException {
        long found = 0;
        long errors = 0;
        long missing = 0;
        TaskReader tasks = new TaskReader(null);
        try (LineReader reader = input.open()) {
            for (BatchLine line = reader.next(); line != null; line = reader.next()) {
                BatchTask task = tasks.read(line);
                switch (lines.get(task.fingerprint())) {
                    case ANSWERED -> found++;
                    case FAILED, TO_RETRY -> {
                        errors++;
                        if (retry) {
                            lines.put(task.fingerprint(), TO_RETRY);
                        }
                    }
                    default -> missing++;
                }
            }
        }
        return new ResumePoint(found, errors, missing);
    }

    /** Whether a line of the file is an error that counts no more. */
    boolean isToRetry(BatchLine line) {
        ResultHead head = head(line);
        return head != null && head.failed() && lines.get(head.fingerprint()) == TO_RETRY;
    }

    boolean hasAnswer(BatchTask task) {
        return lines.get(task.fingerprint()) == ANSWERED;
    }

    /** Whether there is an error, and it counts. */
    boolean hasError(BatchTask task) {
        return lines.get(task.fingerprint()) == FAILED;
    }

    /** How many lines of work had a result, whether or not they are in the input. */
    public long lines() {
        return answered + failed;
    }

    /** Whether the last line was written in part only, and was taken away. */
    public boolean torn() {
        return torn;
    }

    /** How many other lines are no results: they stay as they are, and what they were about is done again. */
    public long damaged() {
        return damaged;
    }

    /** The numbers of the lines that are no results, counted from 1; the first 100 of them. */
    public List<Long> damagedLines() {
        return List.copyOf(damages);
    }
}
