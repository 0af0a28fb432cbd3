/** What the tests share. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.testing;
