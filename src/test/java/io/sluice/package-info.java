/** What holds for the whole house. */
@NullMarked
package io.sluice;

import org.jspecify.annotations.NullMarked;
