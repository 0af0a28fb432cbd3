package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * Knows the exceptions of one foreign client, and takes the provider's answer out of them. Registered with
 * {@link FailureClassifier#with}; there is no search for implementations.
 */
@FunctionalInterface
public interface FailureExtractor {

    /**
     * What the provider answered, or that {@linkplain ProviderAnswer#nothingSent nothing was sent}; or null where the exception is not one of the client's, or holds no answer. Called for
     * each link of a chain of causes, on any thread; must not block. What it throws is ignored.
     */
    @Nullable
    ProviderAnswer extract(Throwable error);
}
