package io.sluice.call;

/**
 * Which of the calls that wait for the same limits goes first. What it means exactly is up to whoever lets calls wait; the
 * limiter promises the following.
 *
 * <p><b>Aging.</b> A class is an advantage in time, and so a bounded one: a call goes as if it had come one aging time (30
 * seconds unless the limiter says otherwise) later for each class that it is below {@link #HIGH}. So a {@link #NORMAL} call
 * is overtaken only by high ones that come less than one aging time after it; a {@link #LOW} one by normal ones that come
 * less than one, and by high ones that come less than two aging times after it. Nobody who comes later goes before it,
 * however large it is and however many they are. Within a class calls go first in, first out.
 *
 * <p>Calls of one tenant are compared with each other only: a class takes nothing from other tenants.
 */
public enum Priority {
    /** Somebody looks at the screen. */
    HIGH,
    /** What nothing was said about. */
    NORMAL,
    /** Can wait: batches, work in the background. */
    LOW
}
