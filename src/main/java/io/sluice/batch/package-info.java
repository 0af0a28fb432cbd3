/**
 * Files of prompts, pushed through a limiter to a provider. Lines are read as they are needed, a bounded number is worked
 * on at once, and each becomes one result, whatever happens to it.
 */
@NullMarked
package io.sluice.batch;

import org.jspecify.annotations.NullMarked;
