/**
 * What every part of Sluice shares: the root of its errors and the classes that a failure can belong to.
 * Nothing else lives here; the packages below this one are the rooms of the house.
 */
@NullMarked
package io.sluice;

import org.jspecify.annotations.NullMarked;
