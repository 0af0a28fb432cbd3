/**
 * The command line program {@code sluice}: what a person or a script does with the limits of a project. Its output is
 * plain and stable; every failure is one line on the error stream and an exit code. The only package with a {@code main},
 * and the one place where waiting may block.
 */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
