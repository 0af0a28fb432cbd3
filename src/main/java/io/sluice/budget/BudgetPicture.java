package io.sluice.budget;

import io.sluice.model.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tree of budgets as text for a terminal: a line for each limit, with a bar of what is spent and what is reserved.
 *
 * <pre>
 * team  day in Europe/Berlin, anew in 5h 12m
 *   money   [######++....................]  $4.10 spent, $0.90 reserved of $20.00
 *   calls   [##..........................]  12 spent, 3 reserved of 200
 * └─ researcher
 *      tokens  [############################]  52,000 spent of 50,000, overdrawn by 2,000
 * </pre>
 *
 * <p>Plain ASCII but for the branches, which are ASCII where that is asked for. No colours: they are the terminal's business.
 */
public final class BudgetPicture {

    private static final int BAR = 28;

    private final Instant now;
    private final boolean ascii;
    private final List<String> lines = new ArrayList<>();

    private BudgetPicture(Instant now, boolean ascii) {
        this.now = now;
        this.ascii = ascii;
    }

    /**
     * The lines of a picture, none of them with an end of line.
     *
     * @param now when the snapshot was taken, for the time until a window ends
     * @param ascii whether the terminal knows nothing but ASCII
     */
    public static List<String> of(BudgetSnapshot snapshot, Instant now, boolean ascii) {
        BudgetPicture picture = new BudgetPicture(now, ascii);
        picture.draw(snapshot, snapshot.path(), "", "");
        return List.copyOf(picture.lines);
    }

    private void draw(BudgetSnapshot budget, String name, String first, String rest) {
        lines.add(first + name + about(budget));
        String inner = rest + "  ";
        int before = lines.size();
        BudgetLimits limits = budget.limits();
        draw(
                inner,
                "tokens",
                limits.tokens(),
                budget.raised().tokens(),
                budget.spent().tokens(),
                budget.reserved().tokens(),
                BudgetPicture::count);
        Money money = limits.money();
        draw(
                inner,
                "money",
                money == null ? null : money.nanos(),
                budget.raised().money().nanos(),
                budget.spent().money().nanos(),
                budget.reserved().money().nanos(),
                nanos -> new Money(nanos).toString());
        draw(
                inner,
                "calls",
                limits.calls(),
                budget.raised().calls(),
                budget.spent().calls(),
                budget.reserved().calls(),
                BudgetPicture::count);
        Duration wallTime = limits.wallTime();
        if (wallTime != null) {
            Duration elapsed = budget.elapsed().compareTo(wallTime) < 0 ? budget.elapsed() : wallTime;
            lines.add(inner + "time    " + bar(millis(elapsed), 0, millis(wallTime)) + "  " + words(elapsed) + " of "
                    + words(wallTime));
        }
        if (lines.size() == before) {
            lines.add(inner + unlimited(budget));
        }
        for (int i = 0; i < budget.children().size(); i++) {
            BudgetSnapshot child = budget.children().get(i);
            boolean last = i == budget.children().size() - 1;
            String key = child.path().substring(budget.path().length() + 1);
            draw(child, key, rest + (last ? end() : branch()), rest + (last ? "   " : stem()));
        }
    }

    private String branch() {
        return ascii ? "|- " : "├─ ";
    }

    private String end() {
        return ascii ? "`- " : "└─ ";
    }

    private String stem() {
        return ascii ? "|  " : "│  ";
    }

    /** What is to be said of a budget beside its limits. */
    private String about(BudgetSnapshot budget) {
        List<String> words = new ArrayList<>();
        BudgetWindow window = budget.limits().window();
        if (window != null) {
            words.add(window.toString());
            if (budget.freesAt() != null) {
                Duration left = Duration.between(now, budget.freesAt());
                words.add((window.isRolling() ? "frees something in " : "anew in ")
                        + words(left.isNegative() ? Duration.ZERO : left));
            }
        }
        if (budget.closed()) {
            words.add("disposed of");
        }
        if (budget.openReservations() > 0) {
            words.add(budget.openReservations() + " in flight");
        }
        if (budget.waiting() > 0) {
            words.add(budget.waiting() + " waiting");
        }
        return words.isEmpty() ? "" : "  " + String.join(", ", words);
    }

    private static String unlimited(BudgetSnapshot budget) {
        BudgetAmount spent = budget.spent();
        return count(spent.tokens()) + " tokens, " + spent.money() + " and " + count(spent.calls())
                + " calls spent; no limit of its own";
    }

    /** Writes a number of some dimension. */
    private interface Words {
        String of(long amount);
    }

    private void draw(
            String indent, String name, @Nullable Long limit, long raised, long spent, long reserved, Words words) {
        if (limit == null) {
            return;
        }
        long all = raised > Long.MAX_VALUE - limit ? Long.MAX_VALUE : limit + raised;
        StringBuilder line = new StringBuilder(indent)
                .append(String.format(Locale.ROOT, "%-7s ", name))
                .append(bar(spent, reserved, all))
                .append("  ")
                .append(words.of(spent))
                .append(" spent");
        if (reserved > 0) {
            line.append(", ").append(words.of(reserved)).append(" reserved");
        }
        line.append(" of ").append(words.of(all));
        if (raised > 0) {
            line.append(", raised by ").append(words.of(raised));
        }
        if (spent > all) {
            line.append(", overdrawn by ").append(words.of(spent - all));
        }
        lines.add(line.toString());
    }

    /** What is begun is drawn: one token of a million is a mark. And no bar is full before the limit is. */
    private static String bar(long spent, long reserved, long limit) {
        int full = marks(spent, limit);
        int held = Math.max(reserved > 0 && full < BAR ? 1 : 0, marks(spent + reserved, limit) - full);
        return "[" + "#".repeat(full) + "+".repeat(held) + ".".repeat(BAR - full - held) + "]";
    }

    private static int marks(long amount, long limit) {
        if (amount <= 0) {
            return 0;
        }
        if (limit <= 0 || amount >= limit) {
            return BAR;
        }
        return Math.min(BAR - 1, Math.max(1, (int) ((double) amount / limit * BAR)));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long millis(Duration duration) {
        try {
            return duration.toMillis();
        } catch (ArithmeticException longerThanAnyRun) {
            return Long.MAX_VALUE;
        }
    }

    /** Of days, hours, minutes and seconds the two largest that are there. */
    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds >= 86_400) {
            return seconds / 86_400 + "d " + seconds % 86_400 / 3_600 + "h";
        }
        if (seconds >= 3_600) {
            return seconds / 3_600 + "h " + seconds % 3_600 / 60 + "m";
        }
        return seconds >= 60 ? seconds / 60 + "m " + seconds % 60 + "s" : seconds + "s";
    }
}
