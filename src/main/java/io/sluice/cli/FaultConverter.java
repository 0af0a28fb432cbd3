package io.sluice.cli;

import io.sluice.simulator.Fault;
import io.sluice.simulator.Occasion;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 503@first:3}, {@code 429:2s@5%}, {@code cut:4@every:10}, {@code quota}. */
final class FaultConverter implements ITypeConverter<FaultConverter.Given> {

    /** A fault and when it happens. */
    record Given(Fault fault, Occasion occasion) {}

    private final DurationConverter durations = new DurationConverter();

    @Override
    public Given convert(String text) {
        String[] parts = text.strip().toLowerCase(Locale.ROOT).split("@", 2);
        try {
            return new Given(fault(parts[0]), parts.length == 1 ? Occasion.always() : occasion(parts[1]));
        } catch (IllegalArgumentException outOfRange) {
            throw new TypeConversionException("'" + text + "': " + outOfRange.getMessage());
        }
    }

    private Fault fault(String text) {
        String[] parts = text.split(":", 2);
        String more = parts.length == 1 ? "" : parts[1];
        return switch (parts[0]) {
            case "429" -> more.isEmpty() ? Fault.rateLimited() : Fault.rateLimited(time(more));
            case "quota" -> only(more, Fault.insufficientQuota());
            case "slow-down" -> only(more, Fault.slowDown());
            case "reset" -> only(more, Fault.resetBeforeHeaders());
            case "reset-after-headers" -> only(more, Fault.resetAfterHeaders());
            case "cut" -> Fault.cut(more.isEmpty() ? 1 : number(more));
            case "stream-error" -> Fault.errorInStream(more.isEmpty() ? 1 : number(more));
            case "slow" -> Fault.slowFirstByte(time(more));
            case "malformed" -> only(more, Fault.malformedJson());
            default -> only(more, Fault.status(number(parts[0])));
        };
    }

    private static Occasion occasion(String text) {
        if (text.endsWith("%")) {
            return Occasion.withProbability(percent(text.substring(0, text.length() - 1)) / 100);
        }
        String[] parts = text.split(":", 2);
        int count = number(parts.length == 1 ? "" : parts[1]);
        return switch (parts[0]) {
            case "first" -> Occasion.first(count);
            case "nth" -> Occasion.nth(count);
            case "every" -> Occasion.every(count);
            default -> throw new IllegalArgumentException("say when as first:3, nth:3, every:10 or 5%");
        };
    }

    private Duration time(String text) {
        try {
            return durations.convert(text);
        } catch (TypeConversionException notOne) {
            throw new IllegalArgumentException("after the colon comes a time, such as 2s or 500ms");
        }
    }

    private static Fault only(String more, Fault fault) {
        if (!more.isEmpty()) {
            throw new IllegalArgumentException("nothing can follow its name but @ and when");
        }
        return fault;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(
                    "a fault is a status, 429:2s, quota, slow-down, reset, reset-after-headers, cut:3, stream-error:3, slow:5s"
                            + " or malformed; a count is a whole number",
                    notOne);
        }
    }

    private static double percent(String text) {
        try {
            return new DecimalNumber().convert(text);
        } catch (TypeConversionException notOne) {
            throw new IllegalArgumentException("before % comes a number");
        }
    }
}
