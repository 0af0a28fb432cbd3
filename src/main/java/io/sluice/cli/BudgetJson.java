package io.sluice.cli;

import io.sluice.budget.BudgetAmount;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.model.Money;
import io.sluice.support.Json;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A budget as {@code sluice budget show --json} prints it: its {@code path}; {@code limits}, {@code spent}, {@code reserved},
 * {@code raised} and {@code overdraft}, each with {@code tokens}, {@code usd} and {@code calls}, where a limit that there is
 * not is null; {@code elapsed_seconds}, {@code frees_at}, {@code in_flight}, {@code closed}; and {@code children}, budgets as
 * well. Keys may be added in later releases.
 */
final class BudgetJson {

    private BudgetJson() {}

    static void write(BudgetSnapshot budget, ObjectNode to) {
        to.put("path", budget.path());
        write(budget.limits(), to.putObject("limits"));
        write(budget.spent(), to.putObject("spent"));
        write(budget.reserved(), to.putObject("reserved"));
        write(budget.raised(), to.putObject("raised"));
        write(budget.overdraft(), to.putObject("overdraft"));
        to.put("elapsed_seconds", Json.seconds(budget.elapsed()))
                .put(
                        "frees_at",
                        budget.freesAt() == null ? null : budget.freesAt().toString())
                .put("in_flight", budget.openReservations())
                .put("closed", budget.closed());
        ArrayNode children = to.putArray("children");
        budget.children().forEach(child -> write(child, children.addObject()));
    }

    private static void write(BudgetLimits limits, ObjectNode to) {
        Money money = limits.money();
        Duration time = limits.wallTime();
        to.put("tokens", limits.tokens())
                .put("usd", dollars(money))
                .put("calls", limits.calls())
                .put("wall_time_seconds", time == null ? null : Json.seconds(time))
                .put("window", limits.window() == null ? null : limits.window().toString());
    }

    private static void write(BudgetAmount amount, ObjectNode to) {
        to.put("tokens", amount.tokens()).put("usd", dollars(amount.money())).put("calls", amount.calls());
    }

    private static @Nullable BigDecimal dollars(@Nullable Money money) {
        if (money == null) {
            return null;
        }
        BigDecimal dollars = money.toBigDecimal().stripTrailingZeros();
        return dollars.scale() < 0 ? dollars.setScale(0) : dollars;
    }
}
