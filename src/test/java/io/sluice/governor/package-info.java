/** All parts around one call. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.governor;
