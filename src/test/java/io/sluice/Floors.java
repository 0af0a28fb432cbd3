package io.sluice;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The packages of the house and what each may use: what stands on lower floors, where no narrower rule is given, and of
 * its own floor only what is named. Packages are known by what follows {@code io.sluice.}; the root itself is
 * {@code ""}. A package that does not exist yet may stand here.
 */
final class Floors {

    private record Room(int floor, Predicate<String> mayUse) {}

    private static final Map<String, Room> ROOMS = rooms();

    private Floors() {}

    private static Map<String, Room> rooms() {
        Map<String, Room> rooms = new HashMap<>();
        add(rooms, 0, only(), "", "loopcheck");
        add(rooms, 0, only(""), "model", "time");
        add(rooms, 0, only("", "time"), "support");
        add(rooms, 1, below(1), "failure", "tokens", "price", "call");
        add(rooms, 1, below(1).or(only("call")), "transport");
        add(rooms, 2, below(2), "ratelimit", "retry", "breaker", "deadline", "debounce", "budget", "approval");
        add(rooms, 3, below(3), "governor");
        add(rooms, 4, below(4), "llm");
        add(
                rooms,
                4,
                below(4).or(only("llm")),
                "llm.openai",
                "llm.anthropic",
                "llm.google",
                "llm.openrouter",
                "llm.azure",
                "llm.claudecode");
        // The independent judge: it must not share a mechanism with what it judges.
        add(rooms, 4, below(2), "simulator");
        add(rooms, 4, below(3), "store.file", "store.redis", "channel.mail", "channel.webhook");
        add(rooms, 5, below(5), "batch", "console");
        for (String other : List.of(
                "spring", "springai", "langchain4j", "mcp", "micrometer", "netty", "jtokkit", "junit", "archunit")) {
            add(rooms, 6, below(6), "integration." + other);
        }
        add(rooms, 7, below(7), "cli");
        return rooms;
    }

    private static void add(Map<String, Room> rooms, int floor, Predicate<String> mayUse, String... packages) {
        for (String one : packages) {
            rooms.put(one, new Room(floor, mayUse));
        }
    }

    private static Predicate<String> only(String... packages) {
        Set<String> allowed = new LinkedHashSet<>(List.of(packages));
        return allowed::contains;
    }

    private static Predicate<String> below(int floor) {
        return used -> {
            Room room = ROOMS.get(used);
            return room != null && room.floor() < floor;
        };
    }

    /** Whether the house has a room for the package. */
    static boolean isKnown(String packageName) {
        return ROOMS.containsKey(packageName);
    }

    /** Whether code of the one package may use the other; of its own always. */
    static boolean mayUse(String user, String used) {
        Room room = ROOMS.get(user);
        return user.equals(used) || (room != null && room.mayUse().test(used));
    }

    static int floorOf(String packageName) {
        Room room = ROOMS.get(packageName);
        return room == null ? -1 : room.floor();
    }
}
