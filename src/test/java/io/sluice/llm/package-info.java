/** Tests of requests and responses. */
@NullMarked
package io.sluice.llm;

import org.jspecify.annotations.NullMarked;
