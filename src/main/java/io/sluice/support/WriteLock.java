package io.sluice.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One writer at a time of a file, among all threads of all processes. Processes meet at the operating system's lock on a
 * file {@code <name>.lock} beside it, which stays there; threads of one process, for whom that lock does nothing, at a
 * lock in memory. Not reentrant.
 */
final class WriteLock {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** One small entry for each file that this process ever wrote. */
    private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private WriteLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /**
     * Waits for the lock, blocking.
     *
     * @param file a file in an existing directory, without symbolic links
     * @throws FileUnavailableException if others hold the lock for all of {@code patience}, or the thread is interrupted
     */
    static WriteLock of(Path file, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        ReentrantLock thread = THREADS.computeIfAbsent(lock, path -> new ReentrantLock());
        if (thread.isHeldByCurrentThread()) {
            throw new IllegalStateException(file + " is already being changed by this thread");
        }
        try {
            if (!thread.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw FileUnavailableException.busy(file, lock, patience);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw FileUnavailableException.interrupted(file);
        }
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(
                    lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), AtomicFile.ownerOnly(lock));
            while (!tryLock(channel)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw FileUnavailableException.interrupted(file);
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw FileUnavailableException.busy(file, lock, patience);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            held = true;
            return new WriteLock(thread, channel);
        } finally {
            if (!held) {
                release(thread, channel);
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByAnotherClassLoader) {
            return false;
        }
    }

    /** Lets the next writer in. Called once. */
    void release() {
        release(thread, channel);
    }

    /** Closing the channel lets go of the system's lock; threads of this process may follow only after that. */
    private static void release(ReentrantLock thread, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The system lets go of it at the latest when this process ends; what was written is whole already.
        } finally {
            thread.unlock();
        }
    }
}
