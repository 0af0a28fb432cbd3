/** The rules for users' tests, over classes that keep them and classes that do not. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.integration.archunit;
