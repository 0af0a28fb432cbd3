package io.sluice.budget;

import io.sluice.call.BudgetRef;
import io.sluice.call.Sluice;
import io.sluice.failure.FailureClassifier;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * What may be spent on calls: tokens, money, calls and time, any of them. Budgets form a tree: what is spent in one is spent in
 * all around it, and each may only narrow what those allow.
 *
 * <pre>{@code
 * Budget run = Budget.root("run").tokens(200_000).usd("5.00").calls(100).prices(prices).build();
 * client.call(prompt).transform(run.charge(Charge.of(model, estimate), Answer::usage))
 * }</pre>
 *
 * <p><b>The promise.</b> No call is admitted whose reservation does not fit every budget up to the root, and of calls that come
 * at the same time only as many as fit together. What a call really costs is spent, also where that is more than was
 * reserved: such an overdraft is as large as the error of the estimate, is seen in the snapshot and told as an event, and while
 * it lasts nothing is admitted.
 *
 * <p><b>Windows.</b> With {@link BudgetLimits#per} the limits of a budget count for an hour, a day or a month. What is reserved
 * when a window ends stays reserved in the next one, and what a call has cost is spent in the window in which that is told.
 *
 * <p><b>Used up.</b> A call that does not fit fails, or waits for the window or for somebody to give more: {@link
 * Builder#whenExhausted}.
 *
 * <p><b>Restarts.</b> {@link Builder#open} keeps what was spent in a store, where a {@code kill -9} does not reach it.
 *
 * <p><b>Retries.</b> Inside a retry ({@code call.transform(budget.charge(..)).transform(retry::protect)}) each attempt has a
 * reservation of its own. Where one reservation is to last for several attempts, see {@link Reservation#topUp}.
 *
 * <p><b>Sharing.</b> {@code agent.run(task).contextWrite(Sluice.budget(child))} makes the calls of an agent find their budget
 * where they are written with {@link #charging} and {@link #metering}.
 *
 * <p><b>Threads.</b> Nothing blocks. A call goes on where it was subscribed, or on the scheduler where another thread was
 * deciding about the same tree. {@link #tryReserve}, {@link #child} and {@link #snapshot} then look until that one is done,
 * which takes as long as one decision.
 *
 * <p><b>Virtual time.</b> The scheduler is looked up at every use: a budget that was built anywhere runs on virtual time inside
 * {@code StepVerifier.withVirtualTime}, and on real time outside.
 */
public final class Budget implements BudgetRef, Disposable {

    /** How many budgets may stand directly under one, unless it is said. */
    public static final int DEFAULT_CHILDREN = 1_000;

    /** How many levels of budgets may stand under the root, unless it is said. */
    public static final int DEFAULT_DEPTH = 16;

    private static final int LONGEST_NAME = 100;

    private final BudgetTree tree;
    private final Account account;

    private volatile boolean disposed;

    private Budget(BudgetTree tree, Account account) {
        this.tree = tree;
        this.account = account;
    }

    /**
     * Begins the budget of a whole run.
     *
     * @param name 1 to 100 characters, none of them a slash or a control character
     * @throws IllegalArgumentException for another name
     */
    public static Builder root(String name) {
        return new Builder(checked(name));
    }

    /**
     * Another budget under this one, such as that of an agent that part of the work is delegated to. {@linkplain #dispose()
     * Dispose} of it when that work is done; what was spent stays spent here.
     *
     * @param name as of a {@linkplain #root(String) root}; where there is one of that name already, a number is added
     * @param limits its own limits, none wider than those around it
     * @throws IllegalArgumentException for a name or a limit that cannot be
     * @throws DelegationRefusedException if there are too many, or it would be too deep
     * @throws BudgetClosedException if this budget was disposed of
     */
    public Budget child(String name, BudgetLimits limits) {
        Objects.requireNonNull(limits, "limits");
        Account child = tree.child(account, checked(name), limits);
        return new Budget(tree, Objects.requireNonNull(child));
    }

    /**
     * Charges a call with one answer: reserves what it may cost, runs it, and commits what it has cost. The form to prefer:
     * the reservation cannot be lost.
     *
     * <pre>
     * subscribe ──► reserved ──► call subscribed ──► answer
     *          └──► refused: error                    │
     *                                    committed, then the answer is told
     * </pre>
     *
     * <p>An answer whose usage is unknown or cannot be read costs what was reserved; it is told all the same. So does a call
     * that is cancelled after it was subscribed to, or that completes without an answer. What an error costs is written at
     * {@link Reservation#failed}; one that a charged call inside this one ended with says nothing about this one, which then
     * costs what was reserved.
     *
     * <p><b>Errors</b>, beside the call's own: {@link BudgetExceededException}, {@link BudgetClosedException}, {@link
     * UnknownPriceException}; the call is then not subscribed to.
     *
     * @param charge what a call may cost
     * @param usage reads out of the answer what it has used
     */
    public <T> Function<Mono<T>, Mono<T>> charge(Charge charge, Function<? super T, TokenUsage> usage) {
        Objects.requireNonNull(charge, "charge");
        Objects.requireNonNull(usage, "usage");
        return call -> ChargeMono.of(call, this, charge, usage);
    }

    /**
     * Charges a stream: reserves what it may cost, counts it along, and commits what it has cost. Where it goes on beyond its
     * estimate, more is reserved with each element; where no more is to be had, or the time of the budget is over by then, it
     * is cut with {@link BudgetExceededException}.
     *
     * <pre>
     * subscribe ──► reserved ──► a ──► b ──► c ──► complete: committed, then told
     *                                        └──► does not fit: cancelled, committed, error
     * </pre>
     *
     * <p>What it used is what it stated last, each side for itself; what it did not state is the estimate for the input and
     * what was counted for the output. Where it broke off after its first element (cut, cancelled, failed), the output is
     * what was stated or counted, whichever is more, because usage that was stated at the beginning is no final one; where it
     * did before, it costs as for {@link #charge}. The element that did not fit is charged and not told.
     *
     * <p><b>Discard support:</b> the element that did not fit, and what comes after a cancellation, is discarded.
     *
     * @param charge what the stream may cost
     * @param counted how many tokens of output an element is; not negative
     * @param stated what the stream says that it has used until now, all in all; null in elements that do not say it
     * @see #charge
     */
    public <T> Function<Flux<T>, Flux<T>> meter(
            Charge charge, ToLongFunction<? super T> counted, Function<? super T, @Nullable TokenUsage> stated) {
        Objects.requireNonNull(charge, "charge");
        Objects.requireNonNull(counted, "counted");
        Objects.requireNonNull(stated, "stated");
        return stream -> MeterFlux.of(stream, this, charge, counted, stated);
    }

    /**
     * A reservation as a value, made on the first request. Whoever gets it must end it; one that is held for longer than
     * {@link Charge#lease} is taken for spent, and a later ending corrects that. Fails as {@link #charge} does.
     *
     * <p>The only bracket to put around it is {@code Mono.usingWhen(budget.reserve(charge), call, ..)}, without operators in
     * between. Where you can, use {@link #charge}.
     *
     * <p><b>Discard support:</b> a reservation that was made and not yet delivered when the subscriber cancels is released.
     */
    public Mono<Reservation> reserve(Charge charge) {
        return ReserveMono.of(this, Objects.requireNonNull(charge, "charge"));
    }

    /**
     * A reservation at once, for those who end it in every case; it has no lease.
     *
     * @throws BudgetExceededException if it does not fit this budget or one around it
     * @throws BudgetClosedException if one of them was disposed of
     * @throws UnknownPriceException if one of them is limited in money, and nobody knows what the call may cost
     */
    public Reservation tryReserve(Charge charge) {
        LiveReservation reservation = new LiveReservation(tree, account, charge);
        reservation.askNow();
        if (reservation.refusal() != null) {
            throw reservation.refusal();
        }
        return reservation;
    }

    /**
     * Whether a call may have to wait for its reservation: for a window or a top-up ({@link WhenExhausted}), or until it is
     * kept in a store. If so, {@link #reserve} waits for that, and {@link #tryReserve} does not.
     */
    public boolean mayWait() {
        return tree.exhausted.waits() || tree.recorder() != null;
    }

    /** The reservation for a subscriber; null after it was told why there cannot be one. */
    @Nullable
    LiveReservation open(Charge charge, CoreSubscriber<?> actual) {
        try {
            return new LiveReservation(tree, account, charge);
        } catch (Throwable thrown) {
            Operators.error(actual, Operators.onOperatorError(thrown, actual.currentContext()));
            return null;
        }
    }

    /** The budget that was said in a context with {@link Sluice#budget}; null where none was. */
    public static @Nullable Budget of(ContextView context) {
        return Sluice.budget(context) instanceof Budget budget ? budget : null;
    }

    /** As {@link #charge}, of the budget that the Context of the subscriber names; where it names none, nothing is charged. */
    public static <T> Function<Mono<T>, Mono<T>> charging(Charge charge, Function<? super T, TokenUsage> usage) {
        Objects.requireNonNull(charge, "charge");
        Objects.requireNonNull(usage, "usage");
        return call -> Mono.deferContextual(context -> {
            Budget budget = of(context);
            return budget == null ? call : ChargeMono.of(call, budget, charge, usage);
        });
    }

    /** As {@link #meter}, of the budget that the Context of the subscriber names; where it names none, nothing is charged. */
    public static <T> Function<Flux<T>, Flux<T>> metering(
            Charge charge, ToLongFunction<? super T> counted, Function<? super T, @Nullable TokenUsage> stated) {
        Objects.requireNonNull(charge, "charge");
        Objects.requireNonNull(counted, "counted");
        Objects.requireNonNull(stated, "stated");
        return stream -> Flux.deferContextual(context -> {
            Budget budget = of(context);
            return budget == null ? stream : MeterFlux.of(stream, budget, charge, counted, stated);
        });
    }

    @Override
    public String path() {
        return account.path;
    }

    /** The limits of this budget; those around it hold as well. */
    public BudgetLimits limits() {
        return account.limits;
    }

    /** How this budget and those under it stand now. Changes nothing. */
    public BudgetSnapshot snapshot() {
        return Objects.requireNonNull(tree.snapshot(account));
    }

    /**
     * What happens from now on, here and in the budgets under this one. Hot and lossy: a subscriber that is some hundred
     * events behind loses further ones, and sees it from the gap in {@link BudgetEvent#sequence()}. Completes when the root is
     * disposed of. Signalled on the scheduler.
     */
    public Flux<BudgetEvent> events() {
        Flux<BudgetEvent> all = tree.news.events(tree::listen);
        if (account.parent == null) {
            return all;
        }
        String below = account.path + "/";
        return all.filter(
                event -> event.path().equals(account.path) || event.path().startsWith(below));
    }

    /**
     * Admits nothing any more, here and in the budgets under this one. Calls in flight go on, and what they cost is spent.
     * The place under the budget around it is free again.
     */
    @Override
    public void dispose() {
        disposed = true;
        tree.close(account);
    }

    /**
     * Disposes of it on subscription, and completes when all that was decided before is kept; of a root, when its store is free
     * for the next owner. What calls in flight have reserved by then stays reserved in the store, and is taken for spent by the
     * next owner: end them first. Where nothing is stored it completes at once.
     */
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            dispose();
            Recorder recorder = tree.recorder();
            if (recorder == null) {
                return Mono.empty();
            }
            Mono<Void> kept = KeptMono.of(tree, () -> {});
            return account.parent == null ? kept.then(Mono.defer(recorder.book()::close)) : kept;
        });
    }

    /** Whether this budget itself was disposed of. */
    @Override
    public boolean isDisposed() {
        return disposed;
    }

    @Override
    public String toString() {
        return "Budget[" + account.path + ", " + account.limits + "]";
    }

    private static String checked(String name) {
        if (name.isBlank()
                || name.length() > LONGEST_NAME
                || name.indexOf('/') >= 0
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of a budget has 1 to " + LONGEST_NAME
                    + " characters, is not blank, and has no slash and no control character; was \""
                    + name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "\"");
        }
        return name;
    }

    /** Collects the settings of a tree and the limits of its root. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private BudgetLimits limits = BudgetLimits.none();
        private CallPrice prices = CallPrice.UNKNOWN;
        private FailureClassifier classifier = FailureClassifier.standard();
        private int[] thresholds = {50, 80, 100};
        private WhenExhausted exhausted = WhenExhausted.fail();
        private @Nullable Scheduler scheduler;
        private @Nullable InstantSource instantSource;

        private Builder(String name) {
            this.name = name;
        }

        /** All limits at once, in place of what was said before. */
        public Builder limits(BudgetLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** See {@link BudgetLimits#tokens(long)}. */
        public Builder tokens(long tokens) {
            return limits(limits.tokens(tokens));
        }

        /** See {@link BudgetLimits#usd}. */
        public Builder usd(String dollars) {
            return limits(limits.usd(dollars));
        }

        /** See {@link BudgetLimits#money(Money)}. */
        public Builder money(Money money) {
            return limits(limits.money(money));
        }

        /** See {@link BudgetLimits#calls(long)}. */
        public Builder calls(long calls) {
            return limits(limits.calls(calls));
        }

        /** See {@link BudgetLimits#wallTime(Duration)}. */
        public Builder wallTime(Duration wallTime) {
            return limits(limits.wallTime(wallTime));
        }

        /** How many budgets may stand directly under each of the tree; default {@value #DEFAULT_CHILDREN}. */
        public Builder children(int children) {
            return limits(limits.children(children));
        }

        /** How many levels of budgets may stand under the root; default {@value #DEFAULT_DEPTH}. */
        public Builder depth(int depth) {
            return limits(limits.depth(depth));
        }

        /** See {@link BudgetLimits#per}. */
        public Builder per(BudgetWindow window) {
            return limits(limits.per(window));
        }

        /** What becomes of a call that does not fit; default {@link WhenExhausted#fail()}. */
        public Builder whenExhausted(WhenExhausted exhausted) {
            this.exhausted = Objects.requireNonNull(exhausted, "exhausted");
            return this;
        }

        /** What calls cost; default: nobody knows, so that where money is limited each charge must say it. */
        public Builder prices(CallPrice prices) {
            this.prices = Objects.requireNonNull(prices, "prices");
            return this;
        }

        /** What the failures of calls mean; default {@link FailureClassifier#standard()}. */
        public Builder classifier(FailureClassifier classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
            return this;
        }

        /**
         * When so many percent of a limit were spent, an event tells; default 50, 80 and 100.
         *
         * @throws IllegalArgumentException if one is not between 1 and 100
         */
        public Builder thresholds(int... percents) {
            for (int percent : percents) {
                if (percent < 1 || percent > 100) {
                    throw new IllegalArgumentException("a threshold must be between 1 and 100 percent, was " + percent);
                }
            }
            this.thresholds = Arrays.stream(percents).sorted().distinct().toArray();
            return this;
        }

        /**
         * Whose clock the tree lives by, and where calls go on that had to wait; default {@link Schedulers#parallel()}, looked
         * up at every use.
         */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /** Where the instants of events come from; default the scheduler's own clock. */
        public Builder instantSource(InstantSource instantSource) {
            this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** The budget. Its time begins now, and what is spent is forgotten with the process. */
        public Budget build() {
            return build(null);
        }

        /**
         * The budget as it was left in a store, with these limits, and kept there from now on. A budget under it takes over what
         * was spent by the one of that path that an earlier process had and did not dispose of. What calls of that process had
         * reserved when it died is taken for spent, at the time of its last sign of life.
         *
         * <p>A call is sent when it is kept that it has its reservation, and its answer is told when it is kept what it has
         * cost; both go on the scheduler. {@link Budget#tryReserve}, {@link Reservation#topUp} and the endings that return at
         * once do not wait for it. While the store fails, answers are told all the same, and nothing is admitted: {@link
         * BudgetNotKeptException}.
         *
         * @return the budget, for each subscriber anew; the errors are those of {@link BudgetStore#open}. {@link
         *     Budget#disposeLater} gives the store free
         */
        public Mono<Budget> open(BudgetStore store) {
            Objects.requireNonNull(store, "store");
            return Mono.defer(store::open).map(this::build);
        }

        private Budget build(BudgetStore.@Nullable Book book) {
            TimeSource time = TimeSource.of(scheduler, instantSource);
            BudgetNews news = new BudgetNews(time);
            BudgetState kept = BudgetState.of(book == null ? List.of() : book.records());
            Recorder recorder = book == null ? null : new Recorder(book, BudgetState.of(book.records()));
            BudgetTree tree = new BudgetTree(time, news, new Costs(prices, classifier), exhausted, recorder);
            if (limits.window() != null) {
                tree.startCalendar();
            }
            List<BudgetRecord> recovery = kept.recovery();
            recovery.forEach(kept::apply);
            Account.Rules rules = new Account.Rules(thresholds, news);
            rules.accounts = kept.newestAccount();
            rules.holds = kept.newestHold();
            Account root = Account.root(rules, name, limits, DEFAULT_CHILDREN, DEFAULT_DEPTH, kept.root(), tree.now());
            tree.begin(root, recovery);
            return new Budget(tree, root);
        }
    }
}
