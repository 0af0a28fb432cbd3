/**
 * Rules for ArchUnit that reactive code should keep, for the tests of whoever writes it. Needs the optional dependency
 * {@code com.tngtech.archunit:archunit}.
 */
@NullMarked
package io.sluice.integration.archunit;

import org.jspecify.annotations.NullMarked;
