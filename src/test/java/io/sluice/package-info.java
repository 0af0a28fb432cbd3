@org.jspecify.annotations.NullUnmarked
package io.sluice;
