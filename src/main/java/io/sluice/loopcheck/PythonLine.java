package io.sluice.loopcheck;

import java.util.List;

/**
 * One line of Python, with those that continue it.
 *
 * @param indent how far it is indented
 */
record PythonLine(int line, int indent, List<PythonToken> tokens) {

    boolean starts(String keyword) {
        return tokens.get(0).is(keyword);
    }
}
