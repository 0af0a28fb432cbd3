package io.sluice.loopcheck;

/**
 * A comment of a script.
 *
 * @param line where it is
 * @param text what follows its mark
 */
record Comment(int line, String text) {}
