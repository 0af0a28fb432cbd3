package io.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;

class ByteBudgetTest {

    /** As many lines of a million bytes as are read. */
    private static final class LargeLines extends InputStream {
        long read;

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int some = (int) Math.min(length, 1_000_000 - read % 1_000_000);
            java.util.Arrays.fill(into, offset, offset + some, (byte) 'x');
            read += some;
            if (read % 1_000_000 == 0) {
                into[offset + some - 1] = '\n';
            }
            return some;
        }
    }

    @Test
    void noMoreIsReadThanFitsAndWhatIsGivenBackIsReadAgain() throws InterruptedException {
        LargeLines lines = new LargeLines();
        ByteBudget budget = new ByteBudget(10_100_000);
        List<BatchLine> got = new java.util.concurrent.CopyOnWriteArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        java.util.concurrent.Semaphore arrived = new java.util.concurrent.Semaphore(0);
        BaseSubscriber<BatchLine> reading = new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(BatchLine line) {
                got.add(line);
                arrived.release();
            }
        };
        BatchInput.stream(lines).lines(budget).subscribe(reading);
        arrived.acquire(10);
        sizes.add(got.size());
        budget.giveBack(got.get(0).length());
        arrived.acquire(1);
        sizes.add(got.size());
        reading.cancel();
        assertThat(sizes).containsExactly(10, 11);
    }

    @Test
    void aLineThatIsLargerThanTheBudgetHasItForItself() throws InterruptedException {
        ByteBudget budget = new ByteBudget(4_096);
        budget.take(10_000_000);
        budget.giveBack(10_000_000);
        budget.take(4_096);
        budget.giveBack(4_096);
    }
}
