package io.sluice.debounce;

/** When triggers ran within the last hour, up to so many as may. Plain arithmetic; stamps must not decrease. */
final class FiringLog {

    /** An hour in nanoseconds. */
    static final long HOUR = 3_600_000_000_000L;

    /** Earlier than any time. */
    static final long NEVER = Long.MIN_VALUE;

    private final int most;
    private long[] stamps = new long[4];
    /** Those in [head, tail) count. */
    private int head;

    private int tail;

    FiringLog(int most) {
        this.most = most;
    }

    /** Drops what is an hour old. */
    void expire(long now) {
        while (head < tail && now - stamps[head] >= HOUR) {
            head++;
        }
    }

    /** When another one may run; {@link #NEVER} if that is not up to the log. As of the last {@link #expire}. */
    long freeAt() {
        return tail - head < most ? NEVER : stamps[tail - most] + HOUR;
    }

    /** When the last one that counts is an hour old; {@link #NEVER} if there is none. */
    long emptyAt() {
        return head == tail ? NEVER : stamps[tail - 1] + HOUR;
    }

    void add(long now) {
        if (tail == stamps.length) {
            makeRoom();
        }
        stamps[tail] = head == tail ? now : Math.max(now, stamps[tail - 1]);
        tail++;
    }

    /** Takes one out that did not count after all. */
    void remove(long stamp) {
        for (int i = tail - 1; i >= head; i--) {
            if (stamps[i] == stamp) {
                System.arraycopy(stamps, i + 1, stamps, i, tail - i - 1);
                tail--;
                return;
            }
        }
    }

    void clear() {
        head = 0;
        tail = 0;
    }

    private void makeRoom() {
        int size = tail - head;
        long[] target = size * 2 > stamps.length ? new long[stamps.length * 2] : stamps;
        System.arraycopy(stamps, head, target, 0, size);
        stamps = target;
        head = 0;
        tail = size;
    }
}
