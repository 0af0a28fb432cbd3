package io.sluice.store.file;

import io.sluice.SluiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Counts on in a journal, up to a number or until it is killed, with many appends in line and a compaction now and then. How
 * far it was told that it got stands in another file: {@code JOURNAL TOLD UP_TO}. The first append that fails is followed by
 * a compaction and by the same append again, which must go through.
 */
final class CountingProcess {

    private static final int IN_LINE = 64;

    private CountingProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Journal journal = Journal.of(Path.of(arguments[0]), Counting.KIND);
        Counting counting = new Counting();
        journal.replay(counting::apply).block();
        long upTo = Long.parseLong(arguments[2]);
        Semaphore room = new Semaphore(IN_LINE);
        try (FileChannel told =
                FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long number = counting.reached() + 1; number <= upTo; number++) {
                room.acquire();
                journal.append(Counting.next(number), new Noting(told, number, room));
                if (number % 1_000 == 0) {
                    room.acquire();
                    journal.compact(List.of(Counting.snapshot(number)), new Noting(told, number, room));
                }
            }
            room.acquire(IN_LINE);
        }
        journal.disposeLater().block();
    }

    private record Noting(FileChannel told, long number, Semaphore room) implements Journal.Told {

        @Override
        public void written() {
            try {
                told.write(ByteBuffer.allocate(Long.BYTES).putLong(0, number), 0);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            room.release();
        }

        @Override
        public void failed(SluiceException reason) {
            System.err.println(reason.getMessage());
            Runtime.getRuntime().halt(3);
        }
    }
}
