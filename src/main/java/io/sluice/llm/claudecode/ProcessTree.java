package io.sluice.llm.claudecode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A process and all that it started, to be ended: those below first, at first by being asked to, and those that have not gone
 * after two seconds by force.
 *
 * <p>What a process started is not below it any more once the process between them has gone. So all of a call have a mark in
 * their environment, and are found by it where the system shows that (Linux).
 */
final class ProcessTree {

    /** The variable with the mark. */
    static final String MARK = "SLUICE_CALL";

    private static final long GRACE_MILLIS = 2_000;
    private static final long GIVE_UP_MILLIS = 7_000;
    private static final long FIRST_LOOK_MILLIS = 10;
    private static final long LONGEST_LOOK_MILLIS = 250;

    private final ProcessHandle root;
    private final String mark;
    private final CompletableFuture<Void> ended;
    private final Set<ProcessHandle> members = new LinkedHashSet<>();
    private long waited;

    private ProcessTree(ProcessHandle root, String mark, CompletableFuture<Void> ended) {
        this.root = root;
        this.mark = mark;
        this.ended = ended;
    }

    /**
     * Ends them all, on threads that may block.
     *
     * @param ended completed when they are gone, or cannot be ended
     */
    static void end(ProcessHandle root, String mark, CompletableFuture<Void> ended) {
        ProcessTree tree = new ProcessTree(root, mark, ended);
        ProcessSlots.start("sluice-claude-code-end", () -> tree.step(FIRST_LOOK_MILLIS));
    }

    private void step(long next) {
        List<ProcessHandle> alive = alive();
        if (alive.isEmpty()) {
            // The last of them may have started another while it was looked for.
            alive = alive();
        }
        if (alive.isEmpty() || waited >= GIVE_UP_MILLIS) {
            ended.complete(null);
            return;
        }
        boolean force = waited >= GRACE_MILLIS;
        if (waited == 0 || force) {
            // Found from the root downwards.
            Collections.reverse(alive);
            for (ProcessHandle one : alive) {
                boolean unused = force ? one.destroyForcibly() : one.destroy();
            }
        }
        waited += next;
        Executor later = CompletableFuture.delayedExecutor(
                next, TimeUnit.MILLISECONDS, task -> ProcessSlots.start("sluice-claude-code-end", task));
        later.execute(() -> step(Math.min(2 * next, LONGEST_LOOK_MILLIS)));
    }

    private List<ProcessHandle> alive() {
        find();
        return new ArrayList<>(members.stream().filter(ProcessTree::isAlive).toList());
    }

    /** What is not below the root any more stays known. */
    private void find() {
        members.add(root);
        root.descendants().forEach(members::add);
        for (ProcessHandle known : List.copyOf(members)) {
            known.descendants().forEach(members::add);
        }
        if (Files.isDirectory(Path.of("/proc/self"))) {
            ProcessHandle.allProcesses().filter(this::isMarked).forEach(members::add);
        }
    }

    private boolean isMarked(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + mark);
        } catch (IOException | RuntimeException goneOrOfSomebodyElse) {
            return false;
        }
    }

    /** One that has ended and only waits for its parent to notice it is not. */
    private static boolean isAlive(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), "stat"), StandardCharsets.ISO_8859_1);
            // The name before it may hold anything, a bracket too.
            return !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException | RuntimeException notLinux) {
            return process.isAlive();
        }
    }
}
