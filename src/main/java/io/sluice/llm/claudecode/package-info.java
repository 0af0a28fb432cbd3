/**
 * Claude Code as a process: {@code claude -p} is started for each call, read line by line, and ended with everything that it
 * started. Processes are read on threads of their own, a few for each, and never on an event loop.
 */
@NullMarked
package io.sluice.llm.claudecode;

import org.jspecify.annotations.NullMarked;
