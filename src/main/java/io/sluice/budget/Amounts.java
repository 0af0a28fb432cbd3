package io.sluice.budget;

/** A {@link BudgetAmount} in bare numbers: tokens, nano-dollars and calls, none of them negative. */
record Amounts(long tokens, long money, long calls) {

    static final Amounts NONE = new Amounts(0, 0, 0);

    static Amounts of(BudgetAmount amount) {
        return new Amounts(amount.tokens(), amount.money().nanos(), amount.calls());
    }

    Amounts plus(Amounts more) {
        return new Amounts(tokens + more.tokens, money + more.money, calls + more.calls);
    }

    /** What is left of each without so much of it; 0 where that is more. */
    Amounts less(Amounts other) {
        return new Amounts(
                Math.max(0, tokens - other.tokens), Math.max(0, money - other.money), Math.max(0, calls - other.calls));
    }

    boolean isNone() {
        return tokens == 0 && money == 0 && calls == 0;
    }

    BudgetAmount amount() {
        return BudgetAmount.of(tokens, money, calls);
    }
}
