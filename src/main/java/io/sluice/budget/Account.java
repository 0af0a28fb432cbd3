package io.sluice.budget;

import io.sluice.SluiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One budget of a tree: its place in it, and its {@link Balance}. What is held or spent here counts in every account up to the
 * root; {@link Hold} sees to that.
 *
 * <p>Plain, for the one thread that may touch the tree.
 */
final class Account {

    /** What all accounts of a tree share. */
    static final class Rules {

        final int[] thresholds;
        final Balance.Watch watch;

        /** The number of the newest account. */
        long accounts;

        /** The number of the newest hold. */
        long holds;

        Rules(int[] thresholds, Balance.Watch watch) {
            this.thresholds = thresholds;
            this.watch = watch;
        }
    }

    /** Names it in a journal, where several may have had one path. */
    final long id;

    final String path;
    final @Nullable Account parent;
    BudgetLimits limits;
    Balance balance;

    /** When it was made, in milliseconds of the epoch; 0 in a tree without instants. */
    final long madeAt;

    final int mostChildren;
    final int levelsBelow;

    final Rules rules;

    private final int level;

    private final Map<String, Account> children = new LinkedHashMap<>();
    private long born;

    /** How it and those under it stood when the last owner of a store left it; null where it is a new one. */
    private @Nullable Account saved;

    private boolean closed;

    /** How many calls are in flight, here and below. */
    int open;

    /** How many calls wait for something here. */
    int waiting;

    private Account(
            Rules rules,
            long id,
            String path,
            @Nullable Account parent,
            BudgetLimits limits,
            int mostChildren,
            int levelsBelow,
            long madeAt,
            Moment now) {
        this.rules = rules;
        this.id = id;
        this.path = path;
        this.parent = parent;
        this.limits = limits;
        this.mostChildren = limits.children() == null ? mostChildren : limits.children();
        this.levelsBelow = limits.depth() == null ? levelsBelow : limits.depth();
        this.level = parent == null ? 1 : parent.level + 1;
        this.madeAt = madeAt;
        long age = Duration.ofMillis(Math.max(0, now.millis() - madeAt)).toNanos();
        this.balance = new Balance(path, limits, rules.thresholds, rules.watch, now.nanos() - age, now);
    }

    /**
     * @param before how it stood when it was last kept; null where it is a new one
     */
    static Account root(
            Rules rules,
            String name,
            BudgetLimits limits,
            int children,
            int depth,
            @Nullable Account before,
            Moment now) {
        rules.accounts = Math.max(1, rules.accounts);
        long madeAt = before == null ? now.millis() : before.madeAt;
        Account root = new Account(rules, 1, name, null, limits, children, depth, madeAt, now);
        if (before != null) {
            root.goOnAs(before, now);
        }
        return root;
    }

    // ---- the tree ----

    /**
     * Another account under this one. Of several with one name, the later ones get a number.
     *
     * @throws IllegalArgumentException if a limit is wider than one of this account or of those around it
     * @throws SluiceException if there may not be one
     */
    Account child(String name, BudgetLimits asked, Moment now) {
        String closedOne = closedPath();
        if (closedOne != null) {
            throw new BudgetClosedException(closedOne);
        }
        Narrowing.check(this, name, asked);
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
        Account before = saved == null ? null : saved.children.remove(key);
        Account child = new Account(
                rules,
                before == null ? ++rules.accounts : before.id,
                path + "/" + key,
                this,
                asked,
                mostChildren,
                levelsBelow - 1,
                before == null ? now.millis() : before.madeAt,
                now);
        if (before != null) {
            child.goOnAs(before, now);
        }
        children.put(key, child);
        return child;
    }

    /** Takes over how an account stood that was kept; those under it follow when they are made. */
    private void goOnAs(Account before, Moment now) {
        saved = before;
        balance.pour(before.balance, now);
    }

    /** An account as it is kept, which nobody asks. */
    static Account kept(Rules rules, @Nullable Account parent, BudgetRecord.Opened opened, Moment now) {
        Account account = new Account(
                rules,
                opened.account(),
                opened.path(),
                parent,
                opened.limits(),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                opened.at().toEpochMilli(),
                now);
        if (parent != null) {
            parent.children.put(opened.path().substring(parent.path.length() + 1), account);
        }
        rules.accounts = Math.max(rules.accounts, account.id);
        return account;
    }

    /** From now on it has other limits. */
    void limit(BudgetLimits others, Moment now) {
        Balance before = balance;
        limits = others;
        balance = new Balance(path, others, rules.thresholds, rules.watch, now.nanos() - before.elapsed(now), now);
        balance.pour(before, now);
        balance.hold(Amounts.of(before.held()));
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

    boolean isWithin(Account outer) {
        for (Account account = this; account != null; account = account.parent) {
            if (account == outer) {
                return true;
            }
        }
        return false;
    }

    /** Whether money is limited, here or further up. */
    boolean limitsMoney() {
        return balance.money.isLimited() || (parent != null && parent.limitsMoney());
    }

    // ---- limits ----

    /** Looks at the time, here and up to the root. */
    void age(Moment now) {
        for (Account account = this; account != null; account = account.parent) {
            account.balance.age(now);
        }
    }

    /** The innermost account that does not admit so much; null where all do. They have looked at the time. */
    @Nullable
    Account refusing(Amounts asked) {
        for (Account account = this; account != null; account = account.parent) {
            if (account.closed || account.balance.refuses(asked)) {
                return account;
            }
        }
        return null;
    }

    /** Why this account does not admit so much. */
    SluiceException refusal(Amounts asked, Moment now) {
        return closed ? new BudgetClosedException(path) : balance.refusal(asked, now);
    }

    /** This account, or the innermost one around it that is not in a part of the tree that was closed. */
    Account standing() {
        Account standing = this;
        for (Account account = this; account != null; account = account.parent) {
            if (account.closed && account.parent != null) {
                standing = account.parent;
            }
        }
        return standing;
    }

    boolean isClosed() {
        return closed;
    }

    // ---- views ----

    /** How this account and those below it stand. */
    BudgetSnapshot view(Moment now) {
        balance.age(now);
        List<BudgetSnapshot> below = new ArrayList<>(children.size());
        for (Account child : children.values()) {
            below.add(child.view(now));
        }
        long change = balance.nextChange();
        return new BudgetSnapshot(
                path,
                limits,
                balance.spent(),
                balance.held(),
                balance.raised(),
                balance.overdraft(),
                Duration.ofNanos(balance.elapsed(now)),
                change == Long.MAX_VALUE ? null : Instant.ofEpochMilli(change),
                open,
                waiting,
                closed,
                List.copyOf(below));
    }
}
