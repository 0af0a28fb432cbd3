/** Measurements, and the page where they are written down. */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
