package io.sluice.loopcheck;

/**
 * A command that may wait for ever.
 *
 * @param line where it is
 * @param command how a person calls it
 * @param remedy what bounds it
 */
record Wait(int line, String command, String remedy) {}
