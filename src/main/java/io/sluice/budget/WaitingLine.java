package io.sluice.budget;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which budgets of a tree: a line for each that somebody waits for, in the order in which the calls came. A call
 * stands in the line of the innermost budget that it does not fit, and goes to that of another where the first has room for it
 * again and the other has not.
 *
 * <p>For the one thread that may touch the tree.
 */
final class WaitingLine {

    /** Decides about whoever waits. */
    interface Door {

        /** Whether a call may go on waiting there; it is not told otherwise. */
        boolean mayWait(Waiter waiter, Account at, Moment now);

        void admit(Waiter waiter, Moment now);

        void refuse(Waiter waiter, Account at, Moment now);
    }

    private final Door door;
    private final Map<Account, TreeMap<Long, Waiter>> lines = new LinkedHashMap<>();

    WaitingLine(Door door) {
        this.door = door;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** The innermost budget around a call that others wait for already; null where nobody does. */
    @Nullable
    Account before(Account account) {
        if (lines.isEmpty()) {
            return null;
        }
        for (Account at = account; at != null; at = at.parent) {
            if (lines.containsKey(at)) {
                return at;
            }
        }
        return null;
    }

    void add(Waiter waiter, Account at) {
        waiter.at = at;
        lines.computeIfAbsent(at, any -> new TreeMap<>()).put(waiter.order, waiter);
        at.waiting++;
    }

    void remove(Waiter waiter) {
        Account at = waiter.at;
        TreeMap<Long, Waiter> line = at == null ? null : lines.get(at);
        if (at != null && line != null && line.remove(waiter.order) != null) {
            at.waiting--;
            waiter.at = null;
            if (line.isEmpty()) {
                lines.remove(at);
            }
        }
    }

    /** Those who wait for a budget, the first one first. */
    List<Waiter> at(Account account) {
        TreeMap<Long, Waiter> line = lines.get(account);
        return line == null ? List.of() : List.copyOf(line.values());
    }

    /** All who would spend in a budget or in one under it. */
    List<Waiter> within(Account account) {
        List<Waiter> found = new ArrayList<>();
        for (TreeMap<Long, Waiter> line : lines.values()) {
            for (Waiter waiter : line.values()) {
                if (waiter.reservation.account.isWithin(account)) {
                    found.add(waiter);
                }
            }
        }
        return found;
    }

    /** Admits whoever fits now and has nobody before. */
    void look(Moment now) {
        boolean moved;
        do {
            moved = false;
            for (Account at : List.copyOf(lines.keySet())) {
                moved |= look(at, now);
            }
        } while (moved);
    }

    private boolean look(Account at, Moment now) {
        boolean moved = false;
        for (TreeMap<Long, Waiter> line = lines.get(at); line != null; line = lines.get(at)) {
            Waiter head = line.firstEntry().getValue();
            LiveReservation call = head.reservation;
            if (hasEarlier(head)) {
                return moved;
            }
            call.account.age(now);
            Account refusing = call.account.refusing(call.asked());
            if (refusing == null) {
                remove(head);
                door.admit(head, now);
            } else if (!door.mayWait(head, refusing, now)) {
                remove(head);
                door.refuse(head, refusing, now);
            } else if (refusing != at) {
                remove(head);
                add(head, refusing);
            } else {
                return moved;
            }
            moved = true;
        }
        return moved;
    }

    /** Whether somebody who came before waits for another budget that the call would spend in. */
    private boolean hasEarlier(Waiter waiter) {
        for (Account at = waiter.reservation.account; at != null; at = at.parent) {
            TreeMap<Long, Waiter> line = lines.get(at);
            if (line != null && line.firstKey() < waiter.order) {
                return true;
            }
        }
        return false;
    }

    /** When to look again though nothing was settled, in milliseconds of the epoch. */
    long nextChange() {
        long next = Long.MAX_VALUE;
        for (Account at : lines.keySet()) {
            next = Math.min(next, at.balance.nextChange());
        }
        return next;
    }
}
