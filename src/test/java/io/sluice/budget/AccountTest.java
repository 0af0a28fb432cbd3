package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.SluiceException;
import io.sluice.model.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of a tree, given the time. */
class AccountTest {

    private final List<String> told = new ArrayList<>();

    private final Balance.Watch watch = new Balance.Watch() {
        @Override
        public void passed(String path, Allowance allowance, int percent) {
            told.add(path + " " + allowance.dimension + " " + percent + "%");
        }

        @Override
        public void overdrawn(String path, Allowance allowance) {
            told.add(path + " " + allowance.dimension + " overdrawn by " + allowance.overdraft());
        }

        @Override
        public void turned(String path, BudgetAmount before, Instant begun) {
            told.add(path + " begins anew at " + begun + " after " + before.tokens());
        }
    };

    private static Moment at(long nanos) {
        return new Moment(nanos, 0);
    }

    private Account root(BudgetLimits limits) {
        return Account.root(new Account.Rules(new int[] {50, 80, 100}, watch), "run", limits, 100, 8, null, at(0));
    }

    private static SluiceException hold(Hold hold, long tokens, long money, long calls) {
        return hold.take(new Amounts(tokens, money, calls), at(0));
    }

    private static Hold held(Account account, long tokens, long money, long calls) {
        Hold hold = new Hold(account);
        assertThat(hold(hold, tokens, money, calls)).isNull();
        return hold;
    }

    private static void isAtRest(Account account) {
        BudgetSnapshot view = account.view(at(0));
        assertThat(view.reserved()).isEqualTo(BudgetAmount.NONE);
        assertThat(view.openReservations()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // asked tokens, money, calls; refused by, in
        "10, 10, 1, , ",
        "100, 0, 1, , ",
        "101, 0, 1, run/a, TOKENS",
        "0, 51, 1, run/a, MONEY",
        "0, 0, 4, run, CALLS",
        "101, 201, 4, run/a, TOKENS",
        "0, 201, 4, run/a, MONEY"
    })
    void aCallIsAdmittedWhereItFitsEveryAccountInEveryDimension(
            long tokens, long money, long calls, String path, BudgetDimension dimension) {
        Account root =
                root(BudgetLimits.none().tokens(200).money(new Money(200)).calls(3));
        Account child = root.child("a", BudgetLimits.none().tokens(100).money(new Money(50)), at(0));
        Hold hold = new Hold(child);
        SluiceException refusal = hold(hold, tokens, money, calls);
        if (path == null) {
            assertThat(refusal).isNull();
            assertThat(root.view(at(0)).reserved()).isEqualTo(BudgetAmount.of(tokens, money, calls));
            assertThat(child.view(at(0)).reserved()).isEqualTo(BudgetAmount.of(tokens, money, calls));
        } else {
            assertThat(refusal)
                    .asInstanceOf(type(BudgetExceededException.class))
                    .satisfies(why -> assertThat(why.path()).isEqualTo(path))
                    .satisfies(why -> assertThat(why.dimension()).isEqualTo(dimension));
            isAtRest(root);
            isAtRest(child);
        }
    }

    @Test
    void whatIsRefusedAboveHoldsNothingBelow() {
        Account root = root(BudgetLimits.none().tokens(100));
        Account child = root.child("a", BudgetLimits.none().tokens(100), at(0));
        Account grandchild = child.child("b", BudgetLimits.none(), at(0));
        Hold first = held(root, 80, 0, 1);
        SluiceException refusal = hold(new Hold(grandchild), 30, 0, 1);
        assertThat(refusal)
                .hasMessageContaining("run has 20 tokens free of 100 tokens, and 30 tokens would be needed")
                .hasMessageContaining("reserved 80 tokens");
        isAtRest(child);
        isAtRest(grandchild);
        first.end(new Amounts(0, 0, 0), at(0));
        assertThat(hold(new Hold(grandchild), 30, 0, 1)).isNull();
    }

    @Test
    void whatIsUsedIsSpentUpToTheRoot() {
        Account root = root(BudgetLimits.none());
        Account child = root.child("a", BudgetLimits.none().tokens(100), at(0));
        Account sibling = root.child("b", BudgetLimits.none(), at(0));
        Hold hold = held(child, 60, 5, 1);
        assertThat(hold.end(new Amounts(20, 3, 1), at(0))).isTrue();
        assertThat(child.view(at(0)).spent()).isEqualTo(BudgetAmount.of(20, 3, 1));
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(20, 3, 1));
        assertThat(sibling.view(at(0)).spent()).isEqualTo(BudgetAmount.NONE);
        isAtRest(root);
    }

    @Test
    void onlyTheFirstEndingCounts() {
        Account root = root(BudgetLimits.none().tokens(100));
        Hold hold = held(root, 60, 0, 1);
        assertThat(hold.end(new Amounts(10, 0, 1), at(0))).isTrue();
        assertThat(hold.end(new Amounts(50, 0, 1), at(0))).isFalse();
        assertThat(hold.expire(at(0))).isFalse();
        assertThat(hold.widen(new Amounts(500, 0, 0), at(0))).isNull();
        assertThat(hold.renew(new Amounts(500, 0, 1), at(0))).isNull();
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(10, 0, 1));
        isAtRest(root);
    }

    @Test
    void aCallThatLeftBeforeItWasDecidedHoldsNothing() {
        Account root = root(BudgetLimits.none().tokens(100));
        Hold hold = new Hold(root);
        hold.end(new Amounts(0, 0, 0), at(0));
        assertThat(hold(hold, 60, 0, 1)).isNull();
        isAtRest(root);
    }

    @Test
    void anOverdraftIsSpentAndToldAndStopsEverything() {
        Account root = root(BudgetLimits.none().tokens(100).calls(10));
        Hold hold = held(root, 40, 0, 1);
        hold.end(new Amounts(130, 0, 1), at(0));
        assertThat(root.view(at(0)).overdraft()).isEqualTo(BudgetAmount.of(30, 0, 0));
        assertThat(told)
                .containsExactly("run TOKENS 50%", "run TOKENS 80%", "run TOKENS 100%", "run TOKENS overdrawn by 30");
        assertThat(hold(new Hold(root), 0, 0, 1)).hasMessageContaining("overdrawn by 30 tokens");
    }

    @Test
    void moreCanBeHeldWhileThereIsSome() {
        Account root = root(BudgetLimits.none().tokens(100));
        Hold hold = held(root, 60, 0, 1);
        assertThat(hold.widen(new Amounts(40, 0, 0), at(0))).isNull();
        assertThat(hold.widen(new Amounts(1, 0, 0), at(0))).isInstanceOf(BudgetExceededException.class);
        assertThat(root.view(at(0)).reserved().tokens()).isEqualTo(100);
        hold.end(new Amounts(99, 0, 1), at(0));
        assertThat(root.view(at(0)).spent().tokens()).isEqualTo(99);
        isAtRest(root);
    }

    @Test
    void anotherAttemptHoldsAsMuchAsTheFirstOne() {
        Account root = root(BudgetLimits.none().tokens(100).calls(2));
        Hold hold = held(root, 50, 0, 1);
        assertThat(hold.renew(new Amounts(30, 0, 1), at(0))).isNull();
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(30, 0, 1));
        assertThat(root.view(at(0)).reserved()).isEqualTo(BudgetAmount.of(50, 0, 1));
        assertThat(hold.renew(new Amounts(20, 0, 1), at(0)))
                .asInstanceOf(type(BudgetExceededException.class))
                .satisfies(why -> assertThat(why.dimension()).isEqualTo(BudgetDimension.CALLS));
        hold.end(new Amounts(20, 0, 1), at(0));
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(50, 0, 2));
        isAtRest(root);
    }

    @Test
    void whatExpiresIsSpentInFullAndCanStillBeCorrected() {
        Account root = root(BudgetLimits.none().tokens(100));
        Hold less = held(root, 50, 4, 1);
        Hold more = held(root, 50, 4, 1);
        assertThat(less.expire(at(0))).isTrue();
        assertThat(more.expire(at(0))).isTrue();
        assertThat(more.expire(at(0))).isFalse();
        isAtRest(root);
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(100, 8, 2));
        less.end(new Amounts(20, 1, 1), at(0));
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(70, 5, 2));
        more.end(new Amounts(90, 4, 1), at(0));
        assertThat(root.view(at(0)).spent()).isEqualTo(BudgetAmount.of(110, 5, 2));
        assertThat(more.end(new Amounts(0, 0, 0), at(0))).isFalse();
        assertThat(told).endsWith("run TOKENS overdrawn by 10");
    }

    @Test
    void anotherAttemptAfterTheLeaseIsHeldAnew() {
        Account root = root(BudgetLimits.none().tokens(120));
        Hold hold = held(root, 50, 0, 1);
        hold.expire(at(0));
        assertThat(hold.renew(new Amounts(30, 0, 1), at(0))).isNull();
        assertThat(root.view(at(0)).spent().tokens()).isEqualTo(30);
        assertThat(root.view(at(0)).reserved().tokens()).isEqualTo(50);
        hold.expire(at(0));
        assertThat(hold.renew(new Amounts(50, 0, 1), at(0)))
                .as("30 + 50 + 50")
                .isInstanceOf(BudgetExceededException.class);
        assertThat(root.view(at(0)).spent().tokens()).isEqualTo(80);
        isAtRest(root);
    }

    // ---- time ----

    @Test
    void nothingIsAdmittedFromTheEndOfTheTimeOn() {
        Account root = root(BudgetLimits.none().wallTime(Duration.ofNanos(100)));
        Account child = root.child("a", BudgetLimits.none().wallTime(Duration.ofNanos(60)), at(50));
        assertThat(new Hold(child).take(new Amounts(1, 0, 1), at(99))).isNull();
        assertThat(new Hold(child).take(new Amounts(1, 0, 1), at(100)))
                .asInstanceOf(type(BudgetExceededException.class))
                .satisfies(why -> assertThat(why.path()).isEqualTo("run"))
                .satisfies(why -> assertThat(why.dimension()).isEqualTo(BudgetDimension.WALL_TIME))
                .satisfies(why -> assertThat(why.limit()).isEqualTo(100));
        assertThat(new Hold(child).take(new Amounts(1, 0, 1), at(110)))
                .hasMessageContaining("The budget run/a has no time left")
                .hasMessageContaining("PT0.00000006S");
    }

    @Test
    void timePassesThresholdsToo() {
        Account root = root(BudgetLimits.none().wallTime(Duration.ofNanos(100)));
        new Hold(root).take(new Amounts(0, 0, 0), at(49));
        assertThat(told).isEmpty();
        new Hold(root).take(new Amounts(0, 0, 0), at(80));
        new Hold(root).take(new Amounts(0, 0, 0), at(500));
        assertThat(told).containsExactly("run WALL_TIME 50%", "run WALL_TIME 80%", "run WALL_TIME 100%");
    }

    @Test
    void aClockThatGoesBackGivesNoTimeBack() {
        Account root = root(BudgetLimits.none().wallTime(Duration.ofNanos(100)));
        new Hold(root).take(new Amounts(0, 0, 0), at(100));
        assertThat(new Hold(root).take(new Amounts(0, 0, 0), at(10))).isInstanceOf(BudgetExceededException.class);
    }

    // ---- the tree ----

    @ParameterizedTest
    @CsvSource({"101, , , tokens=101", ", 4, , calls=4", ", , 11, wallTime=PT0.000000011S"})
    void aChildCannotWidenWhatAnyAccountAroundItAllows(Long tokens, Long calls, Long nanos, String named) {
        Account child = root(BudgetLimits.none().tokens(100).calls(3).wallTime(Duration.ofNanos(10)))
                .child("a", BudgetLimits.none(), at(0));
        BudgetLimits asked =
                new BudgetLimits(tokens, null, calls, nanos == null ? null : Duration.ofNanos(nanos), null, null, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> child.child("b", asked, at(0)))
                .withMessageContaining(named)
                .withMessageContaining("run around it");
        assertThat(child.view(at(0)).children()).isEmpty();
    }

    @Test
    void aTreeGrowsOnlySoDeep() {
        Account root = root(BudgetLimits.none().depth(2));
        Account child = root.child("a", BudgetLimits.none(), at(0));
        Account leaf = child.child("b", BudgetLimits.none(), at(0));
        assertThatExceptionOfType(DelegationRefusedException.class)
                .isThrownBy(() -> leaf.child("c", BudgetLimits.none(), at(0)))
                .withMessageContaining("deeper than the 3 levels");
        Account alone = root.child("alone", BudgetLimits.none().depth(0), at(0));
        assertThatExceptionOfType(DelegationRefusedException.class)
                .isThrownBy(() -> alone.child("c", BudgetLimits.none(), at(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.child("d", BudgetLimits.none().depth(2), at(0)))
                .withMessageContaining("depth=2");
    }

    @Test
    void aTreeGrowsOnlySoWideAndThePlaceOfOneThatIsClosedIsFree() {
        Account root = root(BudgetLimits.none().children(2));
        Account first = root.child("a", BudgetLimits.none(), at(0));
        root.child("a", BudgetLimits.none(), at(0));
        assertThatExceptionOfType(DelegationRefusedException.class)
                .isThrownBy(() -> root.child("a", BudgetLimits.none(), at(0)))
                .withMessageContaining("run has 2 budgets under it");
        first.close();
        root.child("a", BudgetLimits.none(), at(0));
        assertThat(root.view(at(0)).children()).extracting(BudgetSnapshot::path).containsExactly("run/a#2", "run/a");
    }

    @Test
    void aClosedAccountAdmitsNothingButSettlesWhatIsHeld() {
        Account root = root(BudgetLimits.none().tokens(100));
        Account child = root.child("a", BudgetLimits.none(), at(0));
        Account grandchild = child.child("b", BudgetLimits.none(), at(0));
        Hold hold = held(grandchild, 40, 0, 1);
        assertThat(child.close()).isTrue();
        assertThat(child.close()).isFalse();
        assertThat(hold(new Hold(grandchild), 1, 0, 1))
                .isInstanceOf(BudgetClosedException.class)
                .hasMessageContaining("run/a ");
        assertThatExceptionOfType(BudgetClosedException.class)
                .isThrownBy(() -> grandchild.child("c", BudgetLimits.none(), at(0)));
        hold.end(new Amounts(30, 0, 1), at(0));
        assertThat(root.view(at(0)).spent().tokens()).isEqualTo(30);
        isAtRest(root);
        assertThat(hold(new Hold(root), 70, 0, 1)).isNull();
    }
}
