package io.sluice.approval;

import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Where two JSON values differ, as JSON pointers (RFC 6901); names alone, no values. */
final class JsonChanges {

    private JsonChanges() {}

    static List<String> between(String before, String after) {
        List<String> changes = new ArrayList<>();
        compare("", Json.read(before), Json.read(after), changes);
        return changes;
    }

    private static void compare(String at, JsonNode before, JsonNode after, List<String> changes) {
        if (before.isObject() && after.isObject()) {
            Set<String> names = new LinkedHashSet<>(before.propertyNames());
            names.addAll(after.propertyNames());
            for (String name : names) {
                String below = at + "/" + name.replace("~", "~0").replace("/", "~1");
                JsonNode left = before.get(name);
                JsonNode right = after.get(name);
                if (left == null || right == null) {
                    changes.add(below);
                } else {
                    compare(below, left, right, changes);
                }
            }
        } else if (!before.toString().equals(after.toString())) {
            changes.add(at.isEmpty() ? "/" : at);
        }
    }
}
