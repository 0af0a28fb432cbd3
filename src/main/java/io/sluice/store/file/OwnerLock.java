package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.support.AtomicFile;
import io.sluice.support.Json;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that belongs to one process for as long as that lives or likes. The operating system's lock on a file
 * {@code <name>.lock} beside it keeps the others out, and goes with the process however it ends; what is written in it
 * tells them who it is. The lock file stays.
 *
 * <p>The lock is on a byte far behind that text, because on some systems what is locked cannot be read. It shuts out
 * whoever locks all of the file, as a writer of whole files does.
 */
final class OwnerLock implements Closeable {

    /**
     * Who owns a file; what is not known is null.
     *
     * @param pid the process
     * @param host the machine
     * @param since when it took the file, by its clock
     */
    record Owner(
            @Nullable Long pid,
            @Nullable String host,
            @Nullable Instant since) {}

    private static final Owner UNKNOWN = new Owner(null, null, null);
    private static final long PLACE = Long.MAX_VALUE - 1;
    private static final int MAX_TEXT = 1_024;

    /** What this process owns. The system's lock does nothing for threads of one process. */
    private static final ConcurrentMap<Path, Owner> OWNED = new ConcurrentHashMap<>();

    /** Closing any channel of a file takes the system's locks of the whole process off it: these stay open for good. */
    private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

    private final Path file;
    private final FileChannel channel;

    private OwnerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes a file, or finds out at once that somebody has it.
     *
     * @param file its place, in an existing directory and without links
     * @throws JournalInUseException if it belongs to somebody
     */
    static OwnerLock of(Path file) throws IOException {
        Owner self = self();
        Owner holder = OWNED.putIfAbsent(file, self);
        if (holder != null) {
            throw new JournalInUseException(file, holder);
        }
        boolean taken = false;
        try {
            FileChannel channel = locked(file);
            taken = true;
            describe(channel, self);
            return new OwnerLock(file, channel);
        } finally {
            if (!taken) {
                OWNED.remove(file);
            }
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(
                lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), AtomicFile.ownerOnly(lock));
        boolean held = false;
        boolean mayClose = true;
        try {
            held = channel.tryLock(PLACE, 1, false) != null;
        } catch (OverlappingFileLockException heldByAnotherClassLoader) {
            mayClose = false;
            KEPT_OPEN.add(channel);
        } finally {
            if (!held && mayClose) {
                channel.close();
            }
        }
        if (!held) {
            throw new JournalInUseException(file, mayClose ? holder(lock) : UNKNOWN);
        }
        return channel;
    }

    private static Owner self() {
        return new Owner(ProcessHandle.current().pid(), host(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static @Nullable String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return null;
        }
    }

    /** That nobody can read who it is is no reason not to own the file. */
    private static void describe(FileChannel channel, Owner owner) {
        ObjectNode text = Json.mapper().createObjectNode();
        text.put("pid", owner.pid()).put("host", owner.host()).put("since", String.valueOf(owner.since()));
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((Json.compact(text) + "\n").getBytes(UTF_8)), 0);
        } catch (IOException full) {
            // It stays empty, or a part, which others read as an unknown owner.
        }
    }

    private static Owner holder(Path lock) {
        try {
            if (Files.size(lock) > MAX_TEXT) {
                return UNKNOWN;
            }
            JsonNode text = Json.read(Files.readAllBytes(lock));
            JsonNode pid = text.path("pid");
            JsonNode host = text.path("host");
            return new Owner(
                    pid.canConvertToLong() && pid.isIntegralNumber() ? pid.longValue() : null,
                    host.isString() ? host.stringValue() : null,
                    Instant.parse(text.path("since").stringValue("")));
        } catch (IOException | JacksonException | DateTimeException unreadable) {
            return UNKNOWN;
        }
    }

    /** Lets the next owner in. */
    @Override
    public void close() throws IOException {
        try (FileChannel closed = channel) {
            closed.truncate(0);
        } finally {
            OWNED.remove(file);
        }
    }
}
