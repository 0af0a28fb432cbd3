/**
 * Finds loops and waits in scripts that nothing ends: rule H11, for shell, PowerShell, cmd and Python. A lexer and a parser
 * for each language make the same small model of what a script does; one judge follows the ways through each loop. Uses
 * nothing but the JDK.
 *
 * <p>Start at {@link io.sluice.loopcheck.LoopCheck}.
 */
@NullMarked
package io.sluice.loopcheck;

import org.jspecify.annotations.NullMarked;
