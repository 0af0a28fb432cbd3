/** How texts are counted. */
@NullMarked
package io.sluice.tokens;

import org.jspecify.annotations.NullMarked;
