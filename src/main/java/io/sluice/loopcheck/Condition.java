package io.sluice.loopcheck;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What decides which way a script goes. */
sealed interface Condition {

    /** Known beforehand. */
    record Constant(boolean value) implements Condition {}

    /** The opposite. */
    record Not(Condition one) implements Condition {}

    /** The right one is tried only if the left one is true. */
    record And(Condition left, Condition right) implements Condition {}

    /** The right one is tried only if the left one is false. */
    record Or(Condition left, Condition right) implements Condition {}

    /** Commands whose success decides. */
    record Run(Block block) implements Condition {}

    /** What variables are compared by. */
    enum Op {
        LESS,
        GREATER,
        EQUAL,
        DIFFERENT,
        /** There is something; see {@link Test#empty}. */
        TRUE,
        /** Something else, whose outcome depends on them. */
        OTHER
    }

    /**
     * A look at variables or at the clock. Each is an object of its own: two that read the same are two places.
     */
    final class Test implements Condition {
        private static final Pattern LIMIT = Pattern.compile("(?i)time_?out|limit|max|retr|tries|attempt|deadline");
        private static final Set<String> NO_LIMIT = Set.of("0", "", "None", "-1");

        /** What is read and written while it is tried. */
        final Effect effect;

        final Op op;
        final Set<String> left;
        final Set<String> right;
        /** Variables that are only handed to what is asked, which may or may not look at them. */
        final Set<String> handed;
        /** What the right side is, where it is written there. */
        final @Nullable String literal;
        /** Literals that count as false, for {@link Op#TRUE}. */
        final Set<String> empty;
        /** It looks at the clock itself. */
        final boolean clock;
        /** It reads from an input that ends, and fails then. */
        final boolean reads;

        private final @Nullable String key;

        private Test(
                Op op,
                Set<String> left,
                Set<String> right,
                @Nullable String literal,
                Set<String> empty,
                boolean clock,
                boolean reads,
                Set<String> handed,
                Effect effect) {
            this.op = op;
            this.left = left;
            this.right = right;
            this.literal = literal;
            this.empty = empty;
            this.clock = clock;
            this.reads = reads;
            this.handed = handed;
            this.effect = effect;
            this.key = keyOf();
        }

        static Test compare(
                Op op, Set<String> left, Set<String> right, @Nullable String literal, boolean clock, Effect effect) {
            return new Test(op, left, right, literal, Set.of(), clock, false, Set.of(), effect);
        }

        static Test isThere(Set<String> of, Set<String> empty, boolean clock, Effect effect) {
            return new Test(Op.TRUE, of, Set.of(), null, empty, clock, false, Set.of(), effect);
        }

        static Test other(Set<String> of, boolean clock, Effect effect) {
            return new Test(Op.OTHER, of, Set.of(), null, Set.of(), clock, false, Set.of(), effect);
        }

        /** The next piece of an input; it fails at the end. */
        static Test read(Effect effect) {
            return new Test(Op.OTHER, Set.of(), Set.of(), null, Set.of(), false, true, Set.of(), effect);
        }

        /** The same, in which these variables are handed over too. */
        Test handing(Set<String> variables) {
            Set<String> others = new LinkedHashSet<>(variables);
            others.removeIf(this::uses);
            return new Test(op, left, right, literal, empty, clock, reads, others, effect);
        }

        /** A command or a call that decides. */
        static Test ask(Set<String> handed, Effect effect) {
            return new Test(Op.OTHER, Set.of(), Set.of(), null, Set.of(), false, false, handed, effect);
        }

        /** It is a command, of which only the success is asked. */
        boolean isAsk() {
            return op == Op.OTHER && left.isEmpty() && right.isEmpty() && !clock && !reads;
        }

        boolean uses(String variable) {
            return left.contains(variable) || right.contains(variable);
        }

        /** Its sides, and what is handed over. */
        List<Set<String>> parts() {
            return List.of(left, right, handed);
        }

        /** Equal for tests that, with no change between, have the same outcome; null if there is no saying. */
        @Nullable
        String key() {
            return key;
        }

        private @Nullable String keyOf() {
            if (op == Op.OTHER || clock || reads || (left.isEmpty() && right.isEmpty()) || !effect.isNothing()) {
                return null;
            }
            boolean sameOp = op == Op.TRUE || literal != null;
            return sameOp && left.size() == 1 ? op + " " + left + " " + right + " " + literal + " " + empty : null;
        }

        /**
         * Whether it only asks if a limit is wanted at all, such as {@code timeout != 0}: then the outcome for a limit that
         * is wanted; null if it asks something else.
         */
        @Nullable
        Boolean wantsLimit() {
            if (left.size() != 1 || !right.isEmpty() || clock || !effect.isNothing()) {
                return null;
            }
            if (!LIMIT.matcher(left.iterator().next()).find()) {
                return null;
            }
            boolean none = literal != null && NO_LIMIT.contains(literal);
            return switch (op) {
                case TRUE -> true;
                case DIFFERENT, GREATER -> none ? true : null;
                case EQUAL -> none ? false : null;
                default -> null;
            };
        }

        /** What the outcome is while its variable has this value; null if that cannot be told. */
        @Nullable
        Boolean outcome(@Nullable String value) {
            if (value == null || left.size() != 1 || !right.isEmpty()) {
                return null;
            }
            return switch (op) {
                case TRUE -> !empty.contains(value);
                case EQUAL -> literal == null ? null : Boolean.valueOf(literal.equals(value));
                case DIFFERENT -> literal == null ? null : Boolean.valueOf(!literal.equals(value));
                default -> null;
            };
        }
    }

    static Condition not(Condition one) {
        return one instanceof Constant constant ? new Constant(!constant.value()) : new Not(one);
    }
}
