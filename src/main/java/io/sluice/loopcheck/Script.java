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
    final Map<String, Node.Function> functions = new HashMap<>();
    /** Scripts of other programs within this one. */
    final List<Script> inner = new ArrayList<>();
    /** Loops that jumps make, which are no nodes of their own. */
    final List<JumpLoop> jumpLoops = new ArrayList<>();

    /** A loop made by jumping back, and what follows it. */
    record JumpLoop(Node.Loop loop, List<Node> after) {}
}
