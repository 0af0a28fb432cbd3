/** Tests of Claude Code as a process, with a program in its place that does what it is told. */
@NullMarked
package io.sluice.llm.claudecode;

import org.jspecify.annotations.NullMarked;
