package io.sluice.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The faults that are on now, in the order they were added. Thread-safe, but for {@link Concerned#next}, which needs a lock. */
final class FaultRules {

    /** One fault and when it happens. */
    record Rule(Fault fault, Occasion occasion) {}

    /** A rule with the requests that it concerned. */
    private static final class Counting {

        private final Rule rule;
        private final long number;
        private long seen;

        private Counting(Rule rule, long number) {
            this.rule = rule;
            this.number = number;
        }
    }

    private final Randomness random;
    private volatile List<Counting> active;

    FaultRules(List<Rule> rules, Randomness random) {
        this.random = random;
        List<Counting> all = new ArrayList<>();
        rules.forEach(rule -> all.add(new Counting(rule, all.size())));
        this.active = List.copyOf(all);
    }

    synchronized void add(Rule rule) {
        List<Counting> more = new ArrayList<>(active);
        long number = more.isEmpty() ? 0 : more.get(more.size() - 1).number + 1;
        more.add(new Counting(rule, number));
        active = List.copyOf(more);
    }

    synchronized void clear() {
        active = List.of();
    }

    /** What the rules say of one body, before it is known whether the request is let in. Calls what users wrote. */
    Concerned of(JsonNode body) {
        List<Counting> concerned = new ArrayList<>();
        for (Counting one : active) {
            if (one.rule.occasion().concerns(body)) {
                concerned.add(one);
            }
        }
        return new Concerned(concerned);
    }

    /** The rules that concern one request. */
    final class Concerned {

        private final List<Counting> rules;

        private Concerned(List<Counting> rules) {
            this.rules = rules;
        }

        /** The request of this number is let in: what happens to it, or null. To be called with the provider's lock. */
        @Nullable
        Fault next(long number) {
            Fault first = null;
            for (Counting one : rules) {
                one.seen++;
                boolean now = one.rule.occasion().isAt(one.seen, random.fault(one.number, number));
                if (now && first == null) {
                    first = one.rule.fault();
                }
            }
            return first;
        }
    }
}
