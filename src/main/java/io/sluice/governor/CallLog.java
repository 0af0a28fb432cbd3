package io.sluice.governor;

import io.sluice.call.CallRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last calls, as many as it has places. Whoever writes takes the next number, and the place of that number unless a later
 * one has it already; so nobody waits, and of each place the latest record stays.
 */
final class CallLog {

    private record Entry(long number, CallRecord call) {}

    private final AtomicReferenceArray<Entry> places;
    private final AtomicLong next = new AtomicLong();

    CallLog(int calls) {
        this.places = new AtomicReferenceArray<>(calls);
    }

    void add(CallRecord call) {
        Entry entry = new Entry(next.getAndIncrement(), call);
        int place = (int) (entry.number % places.length());
        Entry before = places.get(place);
        while ((before == null || before.number < entry.number) && !places.compareAndSet(place, before, entry)) {
            before = places.get(place);
        }
    }

    /** The records, the oldest first. One that is being written is not among them yet. */
    List<CallRecord> calls() {
        long oldest = next.get() - places.length();
        List<Entry> entries = new ArrayList<>(places.length());
        for (int place = 0; place < places.length(); place++) {
            Entry entry = places.get(place);
            if (entry != null && entry.number >= oldest) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparingLong(Entry::number));
        return entries.stream().map(Entry::call).toList();
    }
}
