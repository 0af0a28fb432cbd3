package io.sluice.store.file;

import io.sluice.budget.BudgetAmount;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.BudgetRecord;
import io.sluice.budget.BudgetWindow;
import io.sluice.model.Money;
import io.sluice.support.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change of a budget as a JSON object: {@code is} says what it is, times are milliseconds of the epoch, money is in
 * nano-dollars, and what is zero or not there is left out.
 */
final class BudgetLine {

    private static final String IS = "is";
    private static final String ACCOUNT = "account";
    private static final String PARENT = "parent";
    private static final String HOLD = "hold";
    private static final String PATH = "path";
    private static final String AT = "at";
    private static final String THEN = "then";
    private static final String ENDED = "ended";
    private static final String TOKENS = "tokens";
    private static final String MONEY = "nanoUsd";
    private static final String CALLS = "calls";
    private static final String WALL_TIME = "wallTime";
    private static final String CHILDREN = "children";
    private static final String DEPTH = "depth";
    private static final String PERIOD = "per";
    private static final String ZONE = "zone";

    private BudgetLine() {}

    static ObjectNode write(BudgetRecord record) {
        ObjectNode line = Json.mapper().createObjectNode();
        if (record instanceof BudgetRecord.Opened opened) {
            line.put(IS, "opened").put(ACCOUNT, opened.account());
            putUnlessZero(line, PARENT, opened.parent());
            write(line.put(PATH, opened.path()), opened.limits());
        } else if (record instanceof BudgetRecord.Held held) {
            write(line.put(IS, "held").put(HOLD, held.hold()).put(ACCOUNT, held.account()), held.amount());
        } else if (record instanceof BudgetRecord.Spent spent) {
            line.put(IS, "spent").put(ACCOUNT, spent.account());
            putUnlessZero(line, HOLD, spent.hold());
            if (spent.ended()) {
                line.put(ENDED, true);
            }
            write(line, spent.amount());
        } else if (record instanceof BudgetRecord.Refunded refunded) {
            line.put(IS, "refunded").put(ACCOUNT, refunded.account());
            write(line.put(THEN, refunded.then().toEpochMilli()), refunded.amount());
        } else if (record instanceof BudgetRecord.Raised raised) {
            write(line.put(IS, "raised").put(ACCOUNT, raised.account()), raised.amount());
        } else if (record instanceof BudgetRecord.Carried carried) {
            write(line.put(IS, "carried").put(ACCOUNT, carried.account()), carried.amount());
        } else if (record instanceof BudgetRecord.Closed closed) {
            line.put(IS, "closed").put(ACCOUNT, closed.account());
        }
        return line.put(AT, record.at().toEpochMilli());
    }

    private static void write(ObjectNode line, BudgetAmount amount) {
        putUnlessZero(line, TOKENS, amount.tokens());
        putUnlessZero(line, MONEY, amount.money().nanos());
        putUnlessZero(line, CALLS, amount.calls());
    }

    private static void putUnlessZero(ObjectNode line, String name, long value) {
        if (value != 0) {
            line.put(name, value);
        }
    }

    private static void write(ObjectNode line, BudgetLimits limits) {
        put(line, TOKENS, limits.tokens());
        put(line, MONEY, limits.money() == null ? null : limits.money().nanos());
        put(line, CALLS, limits.calls());
        put(line, CHILDREN, limits.children() == null ? null : limits.children().longValue());
        put(line, DEPTH, limits.depth() == null ? null : limits.depth().longValue());
        if (limits.wallTime() != null) {
            line.put(WALL_TIME, limits.wallTime().toString());
        }
        BudgetWindow window = limits.window();
        if (window != null) {
            line.put(PERIOD, window.period().name().toLowerCase(Locale.ROOT));
            if (window.zone() != null) {
                line.put(ZONE, window.zone().getId());
            }
        }
    }

    private static void put(ObjectNode line, String name, @Nullable Long value) {
        if (value != null) {
            line.put(name, value);
        }
    }

    /**
     * @throws IllegalArgumentException if it makes no sense
     */
    static BudgetRecord read(ObjectNode line) {
        Instant at = instant(line, AT);
        try {
            return switch (text(line, IS)) {
                case "opened" ->
                    new BudgetRecord.Opened(
                            number(line, ACCOUNT), orZero(line, PARENT), text(line, PATH), limits(line), at);
                case "held" -> new BudgetRecord.Held(number(line, HOLD), number(line, ACCOUNT), amount(line), at);
                case "spent" ->
                    new BudgetRecord.Spent(
                            number(line, ACCOUNT),
                            orZero(line, HOLD),
                            amount(line),
                            line.path(ENDED).asBoolean(false),
                            at);
                case "refunded" ->
                    new BudgetRecord.Refunded(number(line, ACCOUNT), amount(line), instant(line, THEN), at);
                case "raised" -> new BudgetRecord.Raised(number(line, ACCOUNT), amount(line), at);
                case "carried" -> new BudgetRecord.Carried(number(line, ACCOUNT), amount(line), at);
                case "closed" -> new BudgetRecord.Closed(number(line, ACCOUNT), at);
                default -> throw new IllegalArgumentException("nobody knows what \"" + text(line, IS) + "\" is");
            };
        } catch (DateTimeException | ArithmeticException nonsense) {
            throw new IllegalArgumentException(String.valueOf(nonsense.getMessage()), nonsense);
        }
    }

    private static BudgetAmount amount(ObjectNode line) {
        return new BudgetAmount(orZero(line, TOKENS), new Money(orZero(line, MONEY)), orZero(line, CALLS));
    }

    private static BudgetLimits limits(ObjectNode line) {
        Long money = orNull(line, MONEY);
        Long children = orNull(line, CHILDREN);
        Long depth = orNull(line, DEPTH);
        JsonNode wallTime = line.path(WALL_TIME);
        JsonNode period = line.path(PERIOD);
        JsonNode zone = line.path(ZONE);
        return new BudgetLimits(
                orNull(line, TOKENS),
                money == null ? null : new Money(money),
                orNull(line, CALLS),
                wallTime.isString() ? Duration.parse(wallTime.asString()) : null,
                children == null ? null : Math.toIntExact(children),
                depth == null ? null : Math.toIntExact(depth),
                period.isString()
                        ? new BudgetWindow(
                                BudgetWindow.Period.valueOf(period.asString().toUpperCase(Locale.ROOT)),
                                zone.isString() ? ZoneId.of(zone.asString()) : null)
                        : null);
    }

    private static Instant instant(ObjectNode line, String name) {
        return Instant.ofEpochMilli(number(line, name));
    }

    private static String text(ObjectNode line, String name) {
        JsonNode value = line.path(name);
        if (!value.isString()) {
            throw new IllegalArgumentException("\"" + name + "\" must be a text");
        }
        return value.asString();
    }

    private static long number(ObjectNode line, String name) {
        Long value = orNull(line, name);
        if (value == null) {
            throw new IllegalArgumentException("\"" + name + "\" is missing");
        }
        return value;
    }

    private static long orZero(ObjectNode line, String name) {
        Long value = orNull(line, name);
        return value == null ? 0 : value;
    }

    private static @Nullable Long orNull(ObjectNode line, String name) {
        JsonNode value = line.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("\"" + name + "\" must be a whole number");
        }
        return value.asLong();
    }
}
