/** What a tree of agents may spend. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.budget;
