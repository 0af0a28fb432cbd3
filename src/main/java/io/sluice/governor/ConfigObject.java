package io.sluice.governor;

import io.sluice.support.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One object of a configuration, read strictly: each problem names its key. */
final class ConfigObject {

    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(100L * 366 * 86_400);

    private final String path;
    private final JsonNode node;

    private ConfigObject(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    /**
     * @param known the keys that it may have
     */
    static ConfigObject of(String path, JsonNode node, List<String> known) {
        if (!node.isObject()) {
            throw new GovernanceConfigException(path, "must be an object, was " + kind(node));
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new GovernanceConfigException(
                        path + "." + name, "is no key of this configuration; known are " + known);
            }
        }
        return new ConfigObject(path, node);
    }

    /** An object within this one; an empty one where it is missing. */
    ConfigObject object(String key, String... known) {
        JsonNode value = node.get(key);
        JsonNode present = value == null ? Json.mapper().createObjectNode() : value;
        return of(path + "." + key, present, List.of(known));
    }

    /** The strings "true" and "false" are booleans. */
    boolean bool(String key, boolean orElse) {
        JsonNode value = node.get(key);
        if (value == null) {
            return orElse;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isString()
                && (value.stringValue().equals("true") || value.stringValue().equals("false"))) {
            return value.stringValue().equals("true");
        }
        throw problem(key, "must be true or false, was " + kind(value));
    }

    int whole(String key, int orElse, int least) {
        JsonNode value = node.get(key);
        if (value == null) {
            return orElse;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw problem(key, "must be a whole number, at least " + least + ", was " + kind(value));
        }
        return value.intValue();
    }

    /** Seconds, whole or not, greater than zero. */
    Duration seconds(String key, double orElse) {
        Duration time = secondsOrZero(key, orElse);
        if (time.isZero()) {
            throw problem(key, "must be greater than zero");
        }
        return time;
    }

    /** Seconds, whole or not, at least zero. */
    Duration secondsOrZero(String key, double orElse) {
        JsonNode value = node.get(key);
        return value == null ? toDuration(BigDecimal.valueOf(orElse)) : duration(key, value);
    }

    /** Seconds by names. */
    Map<String, Duration> secondsByName(String key) {
        JsonNode value = node.get(key);
        Map<String, Duration> times = new LinkedHashMap<>();
        if (value == null) {
            return times;
        }
        if (!value.isObject()) {
            throw problem(key, "must be an object of seconds by names, was " + kind(value));
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            times.put(entry.getKey(), duration(key + "." + entry.getKey(), entry.getValue()));
        }
        return times;
    }

    /** One of these words. */
    String word(String key, String orElse, String... words) {
        JsonNode value = node.get(key);
        if (value == null) {
            return orElse;
        }
        if (!value.isString() || !List.of(words).contains(value.stringValue())) {
            throw problem(key, "must be one of " + List.of(words) + ", was " + kind(value));
        }
        return value.stringValue();
    }

    GovernanceConfigException problem(String key, String what) {
        return new GovernanceConfigException(path + "." + key, what);
    }

    private Duration duration(String key, JsonNode value) {
        if (!value.isNumber()) {
            throw problem(key, "must be a number of seconds, was " + kind(value));
        }
        if (!value.isFloatingPointNumber() || value.isBigDecimal() || Double.isFinite(value.doubleValue())) {
            BigDecimal seconds = value.decimalValue();
            if (seconds.signum() >= 0 && seconds.compareTo(MOST_SECONDS) <= 0) {
                return toDuration(seconds);
            }
        }
        throw problem(key, "must be between 0 and 100 years in seconds, was " + kind(value));
    }

    private static Duration toDuration(BigDecimal seconds) {
        return Duration.ofNanos(
                seconds.movePointRight(9).setScale(0, RoundingMode.CEILING).longValueExact());
    }

    /** A value as messages show it; texts are not shown, which may be secrets that were put into the wrong place. */
    private static String kind(JsonNode value) {
        if (value.isNumber() || value.isBoolean() || value.isNull()) {
            String shown = value.toString();
            return shown.length() > 40 ? "a very long number" : shown;
        }
        return value.isString() ? "a text" : value.isArray() ? "a list" : "an object";
    }
}
