/** The checker of scripts: decided by scripts written for it, by the seed's own rows, and by files that mean ill. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.loopcheck;
