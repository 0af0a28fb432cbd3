package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a parser made of a script. */
final class Script {

    Block main = Block.EMPTY;
    final List<Wait> waits = new ArrayList<>();
    final List<Comment> comments = new ArrayList<>();
    /** By the name that a call finds them under. */
    final Map<String, Node.Function> functions = new HashMap<>();
    /** All, of which some may have the same name. */
    final List<Node.Function> defined = new ArrayList<>();
    /** Scripts of other programs within this one. */
    final List<Script> inner = new ArrayList<>();
    /** Loops that jumps make, which are no nodes of their own. */
    final List<JumpLoop> jumpLoops = new ArrayList<>();

    void define(Node.Function function) {
        functions.put(function.name(), function);
        defined.add(function);
    }

    /** Those of its inner scripts included. */
    List<Comment> allComments() {
        List<Comment> all = new ArrayList<>(comments);
        inner.forEach(script -> all.addAll(script.allComments()));
        return all;
    }

    /** A loop made by jumping back, and what follows it. */
    record JumpLoop(Node.Loop loop, List<Node> after) {}
}
