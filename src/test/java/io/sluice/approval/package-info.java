/** What people decide, and what nobody decided. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.approval;
