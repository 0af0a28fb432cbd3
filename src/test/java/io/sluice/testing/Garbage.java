package io.sluice.testing;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;

/** Tells what nobody holds any more. */
public final class Garbage {

    private static final int COLLECTIONS = 20;

    private Garbage() {}

    /** Whether the object goes when garbage is collected. */
    public static boolean isCollected(WeakReference<?> reference) {
        return left(List.of(reference)) == 0;
    }

    /** How many of the objects stay when garbage is collected. */
    public static long left(Collection<? extends WeakReference<?>> references) {
        long left = references.size();
        for (int i = 0; i < COLLECTIONS && left > 0; i++) {
            System.gc();
            left = references.stream()
                    .filter(reference -> reference.get() != null)
                    .count();
        }
        return left;
    }
}
