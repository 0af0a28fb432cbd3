/**
 * What is kept in files of a project, under {@code .sluice/}: the limit profiles that a user declared, and what limiters
 * knew when they were last saved. Reading creates nothing; writing replaces whole files under a lock; a file that cannot be
 * understood is never overwritten.
 */
@NullMarked
package io.sluice.store.file;

import org.jspecify.annotations.NullMarked;
