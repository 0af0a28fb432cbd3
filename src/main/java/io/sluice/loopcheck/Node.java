package io.sluice.loopcheck;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One part of a script, whatever its language. */
sealed interface Node {

    /** Where it begins, from 1. */
    int line();

    /** Something that just happens. */
    record Step(int line, Effect effect) implements Node {}

    /** A condition tried for what it does: the script goes on either way. */
    record Check(int line, Condition condition) implements Node {}

    /** One way or the other. */
    record Choice(int line, Condition test, Block then, Block otherwise) implements Node {}

    /**
     * One way of many, by a value.
     *
     * @param complete one of the arms is always taken
     * @param catchesBreak a {@code break} or {@code continue} in an arm leads behind it, and not out of the loop around
     */
    record Cases(int line, Condition.Test subject, List<Block> arms, boolean complete, boolean catchesBreak)
            implements Node {}

    /** Parts of which any may fail, and what is done then. */
    record Attempt(int line, Block body, List<Handler> handlers, Block otherwise, Block last) implements Node {}

    /** What is done about some failures; about all, if there are no names. */
    record Handler(Set<String> names, Block body) {}

    /** What happens in a process of its own: its variables and its exit are not those of the script. */
    record Apart(int line, Block body) implements Node {}

    /** Just what is in it. */
    record Group(int line, Block body) implements Node {}

    /** A function, which runs where it is called. */
    record Function(int line, String name, Block body, Set<String> shared, boolean sharesAllBut) implements Node {

        /** Whether a variable that it changes is one of the caller's. */
        boolean changesForCaller(String variable) {
            return shared.contains(variable) != sharesAllBut;
        }
    }

    /** Where a jump may lead. */
    record Label(int line, String name) implements Node {}

    /** Something that is done again and again. */
    record Loop(
            int line,
            Form form,
            Condition test,
            Effect each,
            Block update,
            Block body,
            Block otherwise,
            @Nullable String name)
            implements Node {

        static Loop of(int line, Form form, Condition test, Block body) {
            return new Loop(line, form, test, Effect.NONE, Block.EMPTY, body, Block.EMPTY, null);
        }
    }

    /** How a loop goes on. */
    enum Form {
        /** The condition is tried before each round. */
        WHILE,
        /** The condition is tried after each round. */
        DO,
        /** One round for each of some things, maybe none. */
        EACH,
        /** One round for each of some things, of which there is at least one. */
        EACH_OF_SOME,
        /** The same, around which something else sets a deadline. */
        WITHIN_DEADLINE,
        /** Back from a jump to a label; the body reaches to the last of these jumps. */
        JUMPS
    }

    /**
     * A way out of the order of things.
     *
     * @param target the name of a loop, a label, or the kind of error; null if none is given
     * @param levels of how many loops, for break and continue
     * @param says it tells why
     * @param result what a return answers, if it does
     */
    record Jump(
            int line,
            Way way,
            @Nullable String target,
            int levels,
            boolean says,
            @Nullable Condition result) implements Node {

        static Jump of(int line, Way way) {
            return new Jump(line, way, null, 1, false, null);
        }
    }

    /** Where a jump leads. */
    enum Way {
        BREAK,
        CONTINUE,
        RETURN,
        EXIT,
        THROW,
        GOTO
    }
}
