/** The command line program, as a person or a script meets it: arguments in, output, errors and exit code out. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.cli;
