package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails every test class during which something blocked a thread that must not block. Found by auto-detection. */
public final class NoBlockingCalls implements BeforeAllCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(NoBlockingCalls.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put("before", BlockingCallCounter.CALLS.get());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        int before = context.getStore(NAMESPACE).getOrDefault("before", Integer.class, 0);
        assertThat(BlockingCallCounter.CALLS.get() - before)
                .as("blocking calls on non-blocking threads during %s", context.getDisplayName())
                .isZero();
    }
}
