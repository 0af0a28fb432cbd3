package io.sluice.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one budget has of everything it may be limited in, and how that changes with time.
 *
 * <p>Plain arithmetic that is given the time, for the one thread that may touch the tree.
 */
final class Balance {

    /** Told what follows from a change; returns at once. */
    interface Watch {

        /** So many percent of a limit were spent. */
        void passed(String path, Allowance allowance, int percent);

        /** More was spent than there is. */
        void overdrawn(String path, Allowance allowance);

        /** A new window of the calendar has begun; so much was spent in the one before. */
        void turned(String path, BudgetAmount before, Instant begun);
    }

    final Allowance tokens;
    final Allowance money;
    final Allowance calls;

    private final String path;
    private final Watch watch;
    private final Allowance time;
    private final @Nullable BudgetWindow window;

    /** By {@link Moment#nanos}; negative where the budget is older than this process. */
    private final long startedAt;

    /** The window of the calendar; all of time where there is none. */
    private long windowStart = Long.MIN_VALUE;

    private long windowEnd = Long.MAX_VALUE;

    /** When something was last spent or raised, in milliseconds of the epoch. */
    private long lastChange;

    Balance(String path, BudgetLimits limits, int[] thresholds, Watch watch, long startedAt, Moment now) {
        this.path = path;
        this.watch = watch;
        this.window = limits.window();
        long rolling = window == null || !window.isRolling()
                ? 0
                : window.period().rolling().toMillis();
        this.tokens = new Allowance(BudgetDimension.TOKENS, limits.tokens(), thresholds, rolling);
        this.money = new Allowance(
                BudgetDimension.MONEY,
                limits.money() == null ? null : limits.money().nanos(),
                thresholds,
                rolling);
        this.calls = new Allowance(BudgetDimension.CALLS, limits.calls(), thresholds, rolling);
        this.time = new Allowance(BudgetDimension.WALL_TIME, nanos(limits.wallTime()), thresholds);
        this.startedAt = startedAt;
        if (window != null && rolling == 0) {
            place(window, now.millis());
        }
    }

    private void place(BudgetWindow calendar, long millis) {
        Instant at = Instant.ofEpochMilli(millis);
        windowStart = calendar.startOf(at).toEpochMilli();
        windowEnd = calendar.endOf(at).toEpochMilli();
    }

    // ---- time ----

    /** Looks at the time. */
    void age(Moment now) {
        if (time.isLimited()) {
            time.settle(0, Math.min(elapsed(now), time.limit()) - time.spent(), 0);
            tell(time);
        }
        ageWindow(now);
    }

    /** The same, where the time that the budget has in all does not matter. */
    void ageWindow(Moment now) {
        if (window == null) {
            return;
        }
        long millis = now.millis();
        if (window.isRolling()) {
            tokens.age(millis);
            money.age(millis);
            calls.age(millis);
        } else if (millis >= windowEnd) {
            turn(window, millis);
        } else if (millis < windowStart) {
            // The clock was put back: what was spent counts on, until the window ends that it is now.
            place(window, millis);
        }
    }

    private void turn(BudgetWindow calendar, long millis) {
        BudgetAmount before = spent();
        place(calendar, millis);
        tokens.turn();
        money.turn();
        calls.turn();
        watch.turned(path, before, Instant.ofEpochMilli(windowStart));
    }

    /** When something becomes free by itself, in milliseconds of the epoch; the largest long where that is never. */
    long nextChange() {
        if (window == null) {
            return Long.MAX_VALUE;
        }
        if (!window.isRolling()) {
            return windowEnd;
        }
        long length = window.period().rolling().toMillis();
        return Math.min(
                tokens.nextForgotten(length), Math.min(money.nextForgotten(length), calls.nextForgotten(length)));
    }

    /** When the window of the calendar ends; the largest long where there is none. */
    long windowEnd() {
        return windowEnd;
    }

    /**
     * When a call can be admitted that is not now, if nothing is settled meanwhile; the largest long where that is never.
     *
     * @param keeping whether what is held now will still be held then
     */
    long admitsAt(Amounts asked, boolean keeping, Moment now) {
        if (window == null || isOver()) {
            return Long.MAX_VALUE;
        }
        return Math.max(
                admitsAt(tokens, asked.tokens(), keeping, now),
                Math.max(admitsAt(money, asked.money(), keeping, now), admitsAt(calls, asked.calls(), keeping, now)));
    }

    private long admitsAt(Allowance allowance, long amount, boolean keeping, Moment now) {
        long kept = keeping ? allowance.held() : 0;
        if (amount <= allowance.limit() - kept - allowance.spent()) {
            return now.millis();
        }
        if (windowEnd == Long.MAX_VALUE) {
            return allowance.fitsAt(amount, kept, now.millis());
        }
        // What the limit was raised by ends with the window as well.
        return amount <= allowance.limit() - allowance.raised() - kept ? windowEnd : Long.MAX_VALUE;
    }

    /** Whether its time is over. */
    boolean isOver() {
        return time.isLimited() && time.free() <= 0;
    }

    // ---- amounts ----

    boolean refuses(Amounts asked) {
        return isOver() || !tokens.fits(asked.tokens()) || !money.fits(asked.money()) || !calls.fits(asked.calls());
    }

    /** Why a call is refused that is. */
    BudgetExceededException refusal(Amounts asked, Moment now) {
        if (isOver()) {
            return lacking(time, 0, null);
        }
        Allowance lacking = calls;
        long amount = asked.calls();
        if (!tokens.fits(asked.tokens())) {
            lacking = tokens;
            amount = asked.tokens();
        } else if (!money.fits(asked.money())) {
            lacking = money;
            amount = asked.money();
        }
        long at = admitsAt(asked, true, now);
        return lacking(
                lacking, amount, at == Long.MAX_VALUE ? null : Duration.ofMillis(Math.max(0, at - now.millis())));
    }

    private BudgetExceededException lacking(Allowance allowance, long asked, @Nullable Duration free) {
        return new BudgetExceededException(
                path,
                allowance.dimension,
                asked,
                allowance.free(),
                allowance.limit(),
                allowance.held(),
                window,
                free,
                null,
                false,
                null);
    }

    void hold(Amounts more) {
        tokens.hold(more.tokens());
        money.hold(more.money());
        calls.hold(more.calls());
    }

    /** Ends the holding of amounts, and spends others. */
    void settle(Amounts held, Amounts used, Moment now) {
        settle(tokens, held.tokens(), used.tokens(), now);
        settle(money, held.money(), used.money(), now);
        settle(calls, held.calls(), used.calls(), now);
        lastChange = Math.max(lastChange, now.millis());
    }

    private void settle(Allowance allowance, long wasHeld, long used, Moment now) {
        long before = allowance.overdraft();
        allowance.settle(wasHeld, used, now.millis());
        tell(allowance);
        if (allowance.overdraft() > before) {
            watch.overdrawn(path, allowance);
        }
    }

    /** What was spent then, in milliseconds of the epoch, turned out to be less; nothing where that is forgotten. */
    void refund(Amounts less, long then) {
        if (then >= windowStart) {
            tokens.refund(less.tokens(), then);
            money.refund(less.money(), then);
            calls.refund(less.calls(), then);
        }
    }

    /** There is so much more until the window is over. */
    void raise(Amounts more, Moment now) {
        tokens.raise(more.tokens(), now.millis());
        money.raise(more.money(), now.millis());
        calls.raise(more.calls(), now.millis());
        lastChange = Math.max(lastChange, now.millis());
    }

    private void tell(Allowance allowance) {
        for (int percent = allowance.passThreshold(); percent != 0; percent = allowance.passThreshold()) {
            watch.passed(path, allowance, percent);
        }
    }

    // ---- what is kept ----

    /** So much, then. */
    record Entry(long millis, Amounts amounts) {}

    /** What was spent and still counts, with when; of each dimension in its order. */
    List<Entry> spends() {
        List<Entry> entries = new ArrayList<>();
        if (window != null && window.isRolling()) {
            add(entries, tokens.spends(), BudgetDimension.TOKENS);
            add(entries, money.spends(), BudgetDimension.MONEY);
            add(entries, calls.spends(), BudgetDimension.CALLS);
        } else {
            add(entries, lastChange, new Amounts(tokens.spent(), money.spent(), calls.spent()));
        }
        return entries;
    }

    /** What the limits were raised by and still are, with when. */
    List<Entry> raises() {
        List<Entry> entries = new ArrayList<>();
        if (window != null && window.isRolling()) {
            add(entries, tokens.raises(), BudgetDimension.TOKENS);
            add(entries, money.raises(), BudgetDimension.MONEY);
            add(entries, calls.raises(), BudgetDimension.CALLS);
        } else {
            add(entries, lastChange, new Amounts(tokens.raised(), money.raised(), calls.raised()));
        }
        return entries;
    }

    private static void add(List<Entry> entries, @Nullable RollingSum sum, BudgetDimension dimension) {
        for (int i = 0; sum != null && i < sum.size(); i++) {
            long amount = sum.amount(i);
            add(
                    entries,
                    sum.at(i),
                    switch (dimension) {
                        case TOKENS -> new Amounts(amount, 0, 0);
                        case MONEY -> new Amounts(0, amount, 0);
                        case CALLS, WALL_TIME -> new Amounts(0, 0, amount);
                    });
        }
    }

    private static void add(List<Entry> entries, long millis, Amounts amounts) {
        if (!amounts.isNone()) {
            entries.add(new Entry(millis, amounts));
        }
    }

    /** Counts as spent what was spent then, if it still matters. */
    void carry(Amounts used, Moment then) {
        if (arrivesInTime(then)) {
            settle(Amounts.NONE, used, then);
        }
    }

    /** Raises as was raised then, if it still matters. */
    void carryRaise(Amounts more, Moment then) {
        if (arrivesInTime(then)) {
            raise(more, then);
        }
    }

    /** Entries of a rolling window come dimension by dimension, and so not in their order; it ages when it is next looked at. */
    private boolean arrivesInTime(Moment then) {
        if (window != null && !window.isRolling()) {
            if (then.millis() < windowStart) {
                return false;
            }
            age(then);
        }
        return true;
    }

    /** Takes over how another balance stands, by these limits and this window. */
    void pour(Balance from, Moment now) {
        from.age(now);
        for (Entry entry : from.spends()) {
            carry(entry.amounts(), new Moment(now.nanos(), Math.min(entry.millis(), now.millis())));
        }
        for (Entry entry : from.raises()) {
            carryRaise(entry.amounts(), new Moment(now.nanos(), Math.min(entry.millis(), now.millis())));
        }
        age(now);
    }

    // ---- views ----

    BudgetAmount spent() {
        return BudgetAmount.of(tokens.spent(), money.spent(), calls.spent());
    }

    BudgetAmount held() {
        return BudgetAmount.of(tokens.held(), money.held(), calls.held());
    }

    BudgetAmount raised() {
        return BudgetAmount.of(tokens.raised(), money.raised(), calls.raised());
    }

    BudgetAmount overdraft() {
        return BudgetAmount.of(tokens.overdraft(), money.overdraft(), calls.overdraft());
    }

    long elapsed(Moment now) {
        return Math.max(time.spent(), now.nanos() - startedAt);
    }

    private static @Nullable Long nanos(@Nullable Duration duration) {
        if (duration == null) {
            return null;
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException longerThanAnyRun) {
            return null;
        }
    }
}
