/** Tests of exact token counts. */
@NullMarked
package io.sluice.integration.jtokkit;

import org.jspecify.annotations.NullMarked;
