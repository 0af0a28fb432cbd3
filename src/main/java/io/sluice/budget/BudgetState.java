package io.sluice.budget;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a tree of budgets amount to. Not thread-safe.
 *
 * <pre>{@code
 * BudgetState state = new BudgetState();
 * records.forEach(state::apply);
 * state.snapshot(now)
 * }</pre>
 */
public final class BudgetState {

    /** Nobody listens to what was. */
    private static final Balance.Watch NOBODY = new Balance.Watch() {
        @Override
        public void passed(String path, Allowance allowance, int percent) {}

        @Override
        public void overdrawn(String path, Allowance allowance) {}

        @Override
        public void turned(String path, BudgetAmount before, Instant begun) {}
    };

    private final Account.Rules rules = new Account.Rules(new int[0], NOBODY);
    private final TreeMap<Long, Account> accounts = new TreeMap<>();
    private final Map<Long, Hold> holds = new TreeMap<>();

    /** The time of the newest record, in milliseconds of the epoch. */
    private long latest;

    /** What so many records amount to. */
    static BudgetState of(Iterable<? extends BudgetRecord> records) {
        BudgetState state = new BudgetState();
        records.forEach(state::apply);
        return state;
    }

    /** Counts another record. One that names what was never opened, or is over, changes what it can. */
    public void apply(BudgetRecord record) {
        latest = Math.max(latest, record.at().toEpochMilli());
        Moment then = moment(record.at().toEpochMilli());
        if (record instanceof BudgetRecord.Opened opened) {
            open(opened);
        } else if (record instanceof BudgetRecord.Held held) {
            hold(held);
        } else if (record instanceof BudgetRecord.Spent spent) {
            spend(spent, then);
        } else if (record instanceof BudgetRecord.Refunded refunded) {
            Account account = accounts.get(refunded.account());
            long when = refunded.then().toEpochMilli();
            for (Account at = account; at != null; at = at.parent) {
                at.balance.age(then);
                at.balance.refund(Amounts.of(refunded.amount()), when);
            }
        } else if (record instanceof BudgetRecord.Raised raised) {
            Account account = accounts.get(raised.account());
            if (account != null) {
                account.balance.carryRaise(Amounts.of(raised.amount()), then);
            }
        } else if (record instanceof BudgetRecord.Carried carried) {
            Account account = accounts.get(carried.account());
            if (account != null) {
                account.balance.carry(Amounts.of(carried.amount()), then);
            }
        } else if (record instanceof BudgetRecord.Closed closed) {
            close(closed);
        }
    }

    private void open(BudgetRecord.Opened opened) {
        Account known = accounts.get(opened.account());
        if (known != null) {
            known.limit(opened.limits(), moment(latest));
            return;
        }
        Account parent = accounts.get(opened.parent());
        if (parent != null || accounts.isEmpty()) {
            Moment made = moment(opened.at().toEpochMilli());
            accounts.put(opened.account(), Account.kept(rules, parent, opened, made));
        }
    }

    private void hold(BudgetRecord.Held held) {
        rules.holds = Math.max(rules.holds, held.hold());
        Hold before = holds.remove(held.hold());
        if (before != null) {
            before.end(Amounts.NONE, moment(latest));
        }
        Account account = before == null ? accounts.get(held.account()) : before.account;
        if (account != null) {
            Hold hold = new Hold(account);
            hold.begin(Amounts.of(held.amount()));
            holds.put(held.hold(), hold);
        }
    }

    private void spend(BudgetRecord.Spent spent, Moment then) {
        Hold hold = holds.get(spent.hold());
        Amounts amount = Amounts.of(spent.amount());
        if (hold == null) {
            for (Account at = accounts.get(spent.account()); at != null; at = at.parent) {
                at.balance.age(then);
                at.balance.settle(Amounts.NONE, amount, then);
            }
        } else if (spent.ended()) {
            holds.remove(spent.hold());
            hold.end(amount, then);
        } else {
            hold.spend(amount, then);
        }
    }

    private void close(BudgetRecord.Closed closed) {
        Account account = accounts.get(closed.account());
        if (account != null && account.parent != null) {
            account.close();
            accounts.values().removeIf(one -> one.isWithin(account));
        }
    }

    /** The root; null where nothing was recorded. */
    @Nullable
    Account root() {
        return accounts.isEmpty() ? null : accounts.firstEntry().getValue();
    }

    long newestAccount() {
        return rules.accounts;
    }

    long newestHold() {
        return rules.holds;
    }

    /**
     * What is to be recorded when the process is dead whose reservations these are: all of them are taken for spent, at its
     * last sign of life.
     */
    List<BudgetRecord> recovery() {
        List<BudgetRecord> records = new ArrayList<>();
        Instant at = Instant.ofEpochMilli(latest);
        holds.forEach((id, hold) ->
                records.add(new BudgetRecord.Spent(hold.account.standing().id, id, hold.held.amount(), true, at)));
        return records;
    }

    /** The fewest records that amount to the same. */
    public List<BudgetRecord> records() {
        List<BudgetRecord> records = new ArrayList<>();
        Moment now = moment(latest);
        for (Account account : accounts.values()) {
            account.balance.age(now);
            records.add(new BudgetRecord.Opened(
                    account.id,
                    account.parent == null ? 0 : account.parent.id,
                    account.path,
                    account.limits,
                    Instant.ofEpochMilli(account.madeAt)));
            for (Balance.Entry entry : account.balance.spends()) {
                records.add(new BudgetRecord.Carried(
                        account.id, entry.amounts().amount(), Instant.ofEpochMilli(entry.millis())));
            }
            for (Balance.Entry entry : account.balance.raises()) {
                records.add(new BudgetRecord.Raised(
                        account.id, entry.amounts().amount(), Instant.ofEpochMilli(entry.millis())));
            }
        }
        holds.forEach((id, hold) -> records.add(new BudgetRecord.Held(
                id, hold.account.standing().id, hold.held.amount(), Instant.ofEpochMilli(latest))));
        return records;
    }

    /**
     * How the tree stands at a given time, with what is reserved by a process that may be alive; null where nothing was
     * recorded.
     *
     * @param now not before the newest record; where it is, it counts as of then
     */
    public @Nullable BudgetSnapshot snapshot(Instant now) {
        Account root = root();
        return root == null ? null : root.view(moment(Math.max(latest, now.toEpochMilli())));
    }

    private static Moment moment(long millis) {
        return new Moment(millis * 1_000_000, millis);
    }
}
