/**
 * Mechanisms that several parts share and no user needs: events that reach many, work handed from one thread to others,
 * JSON, files written whole. Not part of the public API: it may change in any release.
 */
@NullMarked
package io.sluice.support;

import org.jspecify.annotations.NullMarked;
