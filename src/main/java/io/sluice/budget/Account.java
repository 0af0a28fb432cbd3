package io.sluice.budget;

import io.sluice.SluiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One budget of a tree. What is held or spent here counts in every account up to the root, and it is decided for all of them in
 * one step: either it fits them all, or nothing changes.
 *
 * <p>Plain arithmetic that is given the time, for the one thread that may touch the tree. Time counts from when the account was
 * made. Windows that come round (an hour, a day) would begin anew here, where the time is looked at: {@link #age}.
 */
final class Account {

    /** Told what follows from a change; returns at once. */
    interface Watch {

        /** So many percent of a limit were spent. */
        void passed(Account account, Allowance allowance, int percent);

        /** More was spent than there is. */
        void overdrawn(Account account, Allowance allowance);
    }

    final String path;
    final @Nullable Account parent;
    final BudgetLimits limits;
    final Allowance tokens;
    final Allowance money;
    final Allowance calls;

    private final Allowance time;
    private final long startedAt;
    private final int[] thresholds;
    private final Watch watch;
    private final int level;
    private final int levelsBelow;
    private final int mostChildren;

    private final Map<String, Account> children = new LinkedHashMap<>();
    private long born;
    private int open;
    private boolean closed;

    private Account(
            String path,
            @Nullable Account parent,
            BudgetLimits limits,
            int mostChildren,
            int levelsBelow,
            int[] thresholds,
            Watch watch,
            long now) {
        this.path = path;
        this.parent = parent;
        this.limits = limits;
        this.tokens = new Allowance(BudgetDimension.TOKENS, limits.tokens(), thresholds);
        this.money = new Allowance(
                BudgetDimension.MONEY,
                limits.money() == null ? null : limits.money().nanos(),
                thresholds);
        this.calls = new Allowance(BudgetDimension.CALLS, limits.calls(), thresholds);
        this.time = new Allowance(BudgetDimension.WALL_TIME, nanos(limits.wallTime()), thresholds);
        this.mostChildren = mostChildren;
        this.levelsBelow = levelsBelow;
        this.level = parent == null ? 1 : parent.level + 1;
        this.thresholds = thresholds;
        this.watch = watch;
        this.startedAt = now;
    }

    static Account root(
            String name, BudgetLimits limits, int children, int depth, int[] thresholds, Watch watch, long now) {
        return new Account(
                name,
                null,
                limits,
                limits.children() == null ? children : limits.children(),
                limits.depth() == null ? depth : limits.depth(),
                thresholds,
                watch,
                now);
    }

    // ---- the tree ----

    /**
     * Another account under this one. Of several with one name, the later ones get a number.
     *
     * @throws IllegalArgumentException if a limit is wider than one of this account or of those around it
     * @throws SluiceException if there may not be one
     */
    Account child(String name, BudgetLimits asked, long now) {
        String closedOne = closedPath();
        if (closedOne != null) {
            throw new BudgetClosedException(closedOne);
        }
        narrows(name, asked);
        if (levelsBelow == 0) {
            throw DelegationRefusedException.tooDeep(path, level);
        }
        if (children.size() >= mostChildren) {
            throw DelegationRefusedException.tooMany(path, mostChildren);
        }
        born++;
        String key = name;
        for (long number = born; children.containsKey(key); number++) {
            key = name + "#" + number;
        }
        Account child = new Account(
                path + "/" + key,
                this,
                asked,
                asked.children() == null ? mostChildren : asked.children(),
                asked.depth() == null ? levelsBelow - 1 : asked.depth(),
                thresholds,
                watch,
                now);
        children.put(key, child);
        return child;
    }

    private void narrows(String name, BudgetLimits asked) {
        for (Account account = this; account != null; account = account.parent) {
            BudgetLimits mine = account.limits;
            narrows(name, account, "tokens", asked.tokens(), mine.tokens());
            narrows(name, account, "money", asked.money(), mine.money());
            narrows(name, account, "calls", asked.calls(), mine.calls());
            narrows(name, account, "wallTime", asked.wallTime(), mine.wallTime());
        }
        narrows(name, this, "children", asked.children(), mostChildren);
        narrows(name, this, "depth", asked.depth(), Math.max(0, levelsBelow - 1));
    }

    private static <C extends Comparable<C>> void narrows(
            String name, Account outer, String what, @Nullable C asked, @Nullable C limit) {
        if (asked != null && limit != null && asked.compareTo(limit) > 0) {
            throw new IllegalArgumentException("the budget " + name + " may not have " + what + "=" + asked + ": "
                    + outer.path + " around it allows " + limit + ", and a child can only narrow");
        }
    }

    /** Admits nothing any more, here and below. What is held stays so until it is settled. */
    boolean close() {
        if (closed) {
            return false;
        }
        closed = true;
        if (parent != null) {
            parent.children.values().remove(this);
        }
        return true;
    }

    private @Nullable String closedPath() {
        String outermost = null;
        for (Account account = this; account != null; account = account.parent) {
            outermost = account.closed ? account.path : outermost;
        }
        return outermost;
    }

    /** Whether money is limited, here or further up. */
    boolean limitsMoney() {
        return money.isLimited() || (parent != null && parent.limitsMoney());
    }

    // ---- one call ----

    /** Holds so much for a call, everywhere up to the root; null, or why not: then nothing was changed. */
    @Nullable
    SluiceException hold(Hold hold, long tokens, long money, long calls, long now) {
        if (hold.state != Hold.State.NEW) {
            return null;
        }
        SluiceException refusal = refusal(tokens, money, calls, now);
        if (refusal != null) {
            hold.state = Hold.State.ENDED;
            return refusal;
        }
        begin(hold, tokens, money, calls);
        return null;
    }

    private void begin(Hold hold, long tokens, long money, long calls) {
        hold.state = Hold.State.HELD;
        add(hold, tokens, money, calls);
        for (Account account = this; account != null; account = account.parent) {
            account.open++;
        }
    }

    /** Holds so much more for a call that holds something; null, or why not. Null also if it holds nothing any more. */
    @Nullable
    SluiceException extend(Hold hold, long tokens, long money, long now) {
        if (hold.state != Hold.State.HELD) {
            return null;
        }
        SluiceException refusal = refusal(tokens, money, 0, now);
        if (refusal == null) {
            add(hold, tokens, money, 0);
        }
        return refusal;
    }

    /**
     * An attempt has cost so much, and there is to be another one: spends that, and holds as much as before. Null, or why
     * not: then nothing was changed. Null also if it has ended.
     */
    @Nullable
    SluiceException again(Hold hold, long tokens, long money, long calls, long now) {
        if (hold.state == Hold.State.EXPIRED) {
            return againAfterExpiry(hold, tokens, money, calls, now);
        }
        if (hold.state != Hold.State.HELD) {
            return null;
        }
        SluiceException refusal = refusal(tokens, money, calls, now);
        if (refusal == null) {
            settle(0, tokens, 0, money, 0, calls);
        }
        return refusal;
    }

    private @Nullable SluiceException againAfterExpiry(Hold hold, long tokens, long money, long calls, long now) {
        SluiceException refusal = refusal(hold.tokens, hold.money, hold.calls, now);
        if (refusal == null) {
            correct(hold, tokens, money, calls);
            long tokensBefore = hold.tokens;
            long moneyBefore = hold.money;
            long callsBefore = hold.calls;
            hold.tokens = 0;
            hold.money = 0;
            hold.calls = 0;
            begin(hold, tokensBefore, moneyBefore, callsBefore);
        }
        return refusal;
    }

    private void add(Hold hold, long tokens, long money, long calls) {
        hold.tokens += tokens;
        hold.money += money;
        hold.calls += calls;
        for (Account account = this; account != null; account = account.parent) {
            account.tokens.hold(tokens);
            account.money.hold(money);
            account.calls.hold(calls);
        }
    }

    /**
     * Ends a call: what it used is spent, whatever the limits are, and the rest is free again. A call that was taken for
     * spent is corrected. False if it had ended before.
     */
    boolean commit(Hold hold, long tokens, long money, long calls) {
        switch (hold.state) {
            case NEW -> hold.state = Hold.State.ENDED;
            case HELD -> {
                hold.state = Hold.State.ENDED;
                settle(hold.tokens, tokens, hold.money, money, hold.calls, calls);
                oneLess();
            }
            case EXPIRED -> {
                hold.state = Hold.State.ENDED;
                correct(hold, tokens, money, calls);
            }
            case ENDED -> {
                return false;
            }
        }
        return true;
    }

    /** Takes all that a call holds for spent, because nobody says what became of it. False if it holds nothing. */
    boolean expire(Hold hold) {
        if (hold.state != Hold.State.HELD) {
            return false;
        }
        hold.state = Hold.State.EXPIRED;
        settle(hold.tokens, hold.tokens, hold.money, hold.money, hold.calls, hold.calls);
        oneLess();
        return true;
    }

    private void oneLess() {
        for (Account account = this; account != null; account = account.parent) {
            account.open--;
        }
    }

    private void settle(
            long tokensHeld, long tokensUsed, long moneyHeld, long moneyUsed, long callsHeld, long callsUsed) {
        for (Account account = this; account != null; account = account.parent) {
            account.settle(account.tokens, tokensHeld, tokensUsed);
            account.settle(account.money, moneyHeld, moneyUsed);
            account.settle(account.calls, callsHeld, callsUsed);
        }
    }

    private void settle(Allowance allowance, long wasHeld, long used) {
        long before = allowance.overdraft();
        allowance.settle(wasHeld, used);
        tell(allowance);
        if (allowance.overdraft() > before) {
            watch.overdrawn(this, allowance);
        }
    }

    private void correct(Hold hold, long tokens, long money, long calls) {
        for (Account account = this; account != null; account = account.parent) {
            account.correct(account.tokens, hold.tokens, tokens);
            account.correct(account.money, hold.money, money);
            account.correct(account.calls, hold.calls, calls);
        }
    }

    private void correct(Allowance allowance, long taken, long used) {
        if (used > taken) {
            settle(allowance, 0, used - taken);
        } else {
            allowance.refund(taken - used);
        }
    }

    // ---- limits ----

    private @Nullable SluiceException refusal(long tokens, long money, long calls, long now) {
        SluiceException refusal = null;
        for (Account account = this; account != null; account = account.parent) {
            account.age(now);
            if (refusal == null) {
                refusal = account.ownRefusal(tokens, money, calls);
            }
        }
        return refusal;
    }

    private @Nullable SluiceException ownRefusal(long tokens, long money, long calls) {
        if (closed) {
            return new BudgetClosedException(path);
        }
        if (time.isLimited() && time.free() <= 0) {
            return lacking(time, 0);
        }
        if (!this.tokens.fits(tokens)) {
            return lacking(this.tokens, tokens);
        }
        if (!this.money.fits(money)) {
            return lacking(this.money, money);
        }
        return this.calls.fits(calls) ? null : lacking(this.calls, calls);
    }

    private BudgetExceededException lacking(Allowance allowance, long asked) {
        return new BudgetExceededException(
                path, allowance.dimension, asked, allowance.free(), allowance.limit, allowance.held(), false);
    }

    /** Looks at the time. */
    private void age(long now) {
        if (time.isLimited()) {
            time.settle(0, Math.min(elapsed(now), time.limit) - time.spent());
            tell(time);
        }
    }

    private long elapsed(long now) {
        return Math.max(time.spent(), now - startedAt);
    }

    private void tell(Allowance allowance) {
        for (int percent = allowance.passThreshold(); percent != 0; percent = allowance.passThreshold()) {
            watch.passed(this, allowance, percent);
        }
    }

    // ---- views ----

    /** How this account and those below it stand. */
    BudgetSnapshot view(long now) {
        List<BudgetSnapshot> below = new ArrayList<>(children.size());
        for (Account child : children.values()) {
            below.add(child.view(now));
        }
        return new BudgetSnapshot(
                path,
                limits,
                BudgetAmount.of(tokens.spent(), money.spent(), calls.spent()),
                BudgetAmount.of(tokens.held(), money.held(), calls.held()),
                BudgetAmount.of(tokens.overdraft(), money.overdraft(), calls.overdraft()),
                Duration.ofNanos(elapsed(now)),
                open,
                closed,
                List.copyOf(below));
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
