/**
 * Debouncing of triggers: what is set off again and again runs once a cooldown, and only so often an hour. Whether a
 * trigger may run is decided and recorded in one step, before it runs.
 */
@NullMarked
package io.sluice.debounce;

import org.jspecify.annotations.NullMarked;
