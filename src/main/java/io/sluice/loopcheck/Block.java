package io.sluice.loopcheck;

import java.util.List;

/** Nodes one after the other. */
record Block(List<Node> nodes) {

    static final Block EMPTY = new Block(List.of());

    static Block of(Node... nodes) {
        return new Block(List.of(nodes));
    }
}
