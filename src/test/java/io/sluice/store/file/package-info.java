/** The profile file, against everything that people, programs and disks do to it. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.store.file;
