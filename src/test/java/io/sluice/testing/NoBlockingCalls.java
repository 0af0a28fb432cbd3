package io.sluice.testing;

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
        int during = BlockingCallCounter.CALLS.get() - before;
        if (during != 0) {
            throw new AssertionError(
                    during + " blocking calls on non-blocking threads during " + context.getDisplayName()
                            + ", the latest of them is the cause",
                    BlockingCallCounter.LATEST.get());
        }
    }
}
