/** The book of prices: its bills, its rules of finding, and what it refuses to read. */
@org.jspecify.annotations.NullUnmarked
package io.sluice.price;
