/** Tests of the extension of JUnit. */
@NullMarked
package io.sluice.integration.junit;

import org.jspecify.annotations.NullMarked;
