package io.sluice.llm;

import io.sluice.failure.FailureClassifier;
import io.sluice.support.Internal;
import io.sluice.time.TimeSource;
import io.sluice.transport.HttpTransport;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all adapters over HTTP share; not thread-safe.
 *
 * @param <B> the adapter's own builder
 */
public abstract class LlmAdapterBuilder<B extends LlmAdapterBuilder<B>> {

    private @Nullable BaseUrl baseUrl;
    private String provider;
    private @Nullable HttpTransport transport;
    private @Nullable Supplier<? extends @Nullable String> apiKey;
    private FailureClassifier classifier = FailureClassifier.standard();
    private @Nullable InstantSource instantSource;

    /**
     * @param provider as whom the calls count unless another is set
     * @param baseUrl where the provider is; null where there is no default
     */
    @Internal
    protected LlmAdapterBuilder(String provider, @Nullable String baseUrl) {
        this.provider = provider;
        this.baseUrl = baseUrl == null ? null : BaseUrl.of(baseUrl);
    }

    /** This builder. */
    @Internal
    protected abstract B self();

    /**
     * Where the server is, such as {@code http://localhost:8000/v1}; the adapter adds the path of its protocol.
     *
     * @throws IllegalArgumentException if it is not an absolute http or https address without query
     */
    public B baseUrl(String url) {
        this.baseUrl = BaseUrl.of(url);
        return self();
    }

    /**
     * Where the key comes from. It is asked for each call, on the subscribing thread, and must not block; null or a
     * blank string means a call without a key. Never called where nothing is sent.
     */
    public B apiKey(Supplier<? extends @Nullable String> key) {
        this.apiKey = Objects.requireNonNull(key, "key");
        return self();
    }

    /** What sends the calls; has no default. */
    public B transport(HttpTransport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return self();
    }

    /**
     * As whom the calls count, for limits and prices.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public B provider(String provider) {
        if (provider.isBlank()) {
            throw new IllegalArgumentException("provider must not be blank");
        }
        this.provider = provider;
        return self();
    }

    /** What the errors of answers mean; default {@link FailureClassifier#standard()}. */
    public B classifier(FailureClassifier classifier) {
        this.classifier = Objects.requireNonNull(classifier, "classifier");
        return self();
    }

    /**
     * What time it is, for answers that say when to come again and not how long to wait; default: the clock of {@code
     * Schedulers.parallel()}, which is the virtual one in a test on virtual time.
     */
    public B instantSource(InstantSource instantSource) {
        this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
        return self();
    }

    /** As whom the calls count. */
    @Internal
    protected final String provider() {
        return provider;
    }

    /**
     * Where the server is.
     *
     * @throws IllegalStateException if nothing says it
     */
    @Internal
    protected final BaseUrl address() {
        if (baseUrl == null) {
            throw new IllegalStateException("no baseUrl was given, and this provider has no address for everybody");
        }
        return baseUrl;
    }

    /**
     * The calls in a protocol.
     *
     * @throws IllegalStateException if there is no transport
     */
    @Internal
    protected final ProviderCalls calls(ProviderProtocol protocol) {
        if (transport == null) {
            throw new IllegalStateException("no transport was given; pass NettyTransport.builder().build()");
        }
        return new ProviderCalls(protocol, transport, apiKey, classifier, TimeSource.of(null, instantSource));
    }
}
