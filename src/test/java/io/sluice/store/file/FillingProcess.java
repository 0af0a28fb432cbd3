package io.sluice.store.file;

import java.nio.file.Path;
import java.util.List;

/**
 * Counts in a journal until no more goes into it, makes room by a compaction, and counts on: {@code JOURNAL}. Prints how far
 * it got each time, and what it was told in between.
 */
final class FillingProcess {

    private FillingProcess() {}

    public static void main(String[] arguments) {
        Journal journal = Journal.of(Path.of(arguments[0]), Counting.KIND);
        journal.replay(record -> {}).block();
        long first = fill(journal, 0);
        System.out.println(first);
        try {
            journal.append(Counting.next(first + 1)).block();
        } catch (JournalUnwritableException again) {
            System.out.println("full");
        }
        journal.compact(List.of(Counting.snapshot(first))).block();
        System.out.println(fill(journal, first));
        journal.disposeLater().block();
    }

    private static long fill(Journal journal, long from) {
        for (long number = from + 1; ; number++) {
            try {
                journal.append(Counting.next(number)).block();
            } catch (JournalUnwritableException full) {
                System.out.println(full.getMessage());
                return number - 1;
            }
        }
    }
}
