/**
 * The simulator in tests of JUnit 6: an extension that starts one for each test that asks, and stops it when the test
 * ends. It needs {@code junit-jupiter-api}, which whoever writes such tests has.
 */
@NullMarked
package io.sluice.integration.junit;

import org.jspecify.annotations.NullMarked;
