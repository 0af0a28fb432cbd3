package io.sluice.failure;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls code of others that may throw anything: a look at a failure must never fail itself. Only what says that the
 * virtual machine is ending is passed on; a stack that overflows in the other's code is whole again here.
 */
final class Attempted {

    private Attempted() {}

    /** What the code gives, or null where it throws. */
    static <T> @Nullable T orNull(Supplier<? extends @Nullable T> code) {
        try {
            return code.get();
        } catch (StackOverflowError recursion) {
            return null;
        } catch (VirtualMachineError ending) {
            throw ending;
        } catch (Throwable theirs) {
            return null;
        }
    }
}
