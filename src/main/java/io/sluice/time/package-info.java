/**
 * What all waiting shares: one clock that follows the Reactor scheduler in use, also a virtual one, and one timer a
 * scheduler. No part of the library reads another clock to measure a duration, and none schedules a task per wait.
 */
@NullMarked
package io.sluice.time;

import org.jspecify.annotations.NullMarked;
