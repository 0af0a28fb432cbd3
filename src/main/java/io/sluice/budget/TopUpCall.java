package io.sluice.budget;

import io.sluice.support.HandOver;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** One question to a {@link TopUp}; its first answer counts, and none at all is a refusal. */
final class TopUpCall extends BaseSubscriber<BudgetAmount> {

    private final BudgetTree tree;
    private final Account account;

    private BudgetAmount answer = BudgetAmount.NONE;
    private @Nullable Throwable refused;

    TopUpCall(BudgetTree tree, Account account) {
        this.tree = tree;
        this.account = account;
    }

    void ask(TopUp topUp, TopUp.Request request) {
        tree.handOver(new HandOver.Work() {
            @Override
            public void run() {
                Mono.defer(() -> topUp.more(request)).subscribe(TopUpCall.this);
            }

            @Override
            public void rejected(RejectedExecutionException reason) {
                hookOnError(reason);
                hookFinally(SignalType.ON_ERROR);
            }
        });
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        requestUnbounded();
    }

    @Override
    protected void hookOnNext(BudgetAmount more) {
        answer = more;
    }

    @Override
    protected void hookOnError(Throwable error) {
        refused = error;
    }

    @Override
    protected void hookFinally(SignalType how) {
        tree.answered(account, Amounts.of(answer), refused);
    }
}
