package io.sluice.loopcheck;

/**
 * A script that was not judged, so that nothing can be said about its loops.
 *
 * @param file the script, as the report names it
 * @param reason why not, for a person
 */
public record Skipped(String file, String reason) {}
