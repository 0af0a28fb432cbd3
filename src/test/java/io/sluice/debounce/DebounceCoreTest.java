package io.sluice.debounce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decisions by themselves. Times in seconds. */
class DebounceCoreTest {

    private static final long SECOND = 1_000_000_000L;

    private static DebounceCore core(int perHour, int perHourOfKey) {
        return new DebounceCore(new DebounceRules(
                Duration.ofMinutes(5), Map.of("quick", Duration.ofSeconds(10)), perHour, perHourOfKey, true));
    }

    /** Fires if it may; else tells what for not, and for how many seconds. */
    private static String trigger(DebounceCore core, String key, long seconds) {
        long now = seconds * SECOND;
        long allowedAt = core.allowedAt(core.find(key), now);
        if (now >= allowedAt) {
            core.fire(core.record(key), now);
            return "runs";
        }
        return DebounceCore.limit(core.find(key), core.globalUntil()) + " " + (allowedAt - now) / SECOND;
    }

    /** Steps of key, seconds and what becomes of it; three runs an hour, two of one key. */
    @ParameterizedTest
    @CsvSource({
        "a 0 runs; a 0 COOLDOWN 300; a 299 COOLDOWN 1; a 300 runs; a 301 HOURLY_OF_KEY 3299",
        "a 0 runs; b 0 runs; a 1 COOLDOWN 299; b 1 COOLDOWN 299",
        "quick 0 runs; quick 9 COOLDOWN 1; quick 10 runs",
        "a 0 runs; b 1 runs; c 2 runs; d 3 HOURLY 3597; a 4 HOURLY 3596; d 3600 runs; e 3600 HOURLY 1; e 3601 runs",
        "quick 0 runs; quick 10 runs; quick 20 HOURLY_OF_KEY 3580; a 21 runs; quick 3600 runs",
        "quick 0 runs; quick 10 runs; a 20 runs; quick 25 HOURLY_OF_KEY 3575; b 25 HOURLY 3575",
        "a 0 runs; quick 3400 runs; b 3590 runs; b 3599 COOLDOWN 291; c 3599 HOURLY 1; c 3600 runs",
    })
    void theTableOfDecisions(String script) {
        DebounceCore core = core(3, 2);
        for (String step : script.split(";")) {
            String[] parts = step.strip().split(" ", 3);
            assertThat(trigger(core, parts[0], Long.parseLong(parts[1])))
                    .as(step)
                    .isEqualTo(parts[2]);
        }
    }

    @Test
    void aRunThatDoesNotCountIsAsIfItHadNotBeen() {
        DebounceCore core = core(2, 2);
        trigger(core, "a", 0);
        long now = 400 * SECOND;
        assertThat(core.allowedAt(core.find("a"), now)).isLessThanOrEqualTo(now);
        Firing failed = core.fire(core.record("a"), now);
        assertThat(trigger(core, "b", 400)).isEqualTo("HOURLY 3200");
        core.takeBack(failed);
        assertThat(trigger(core, "a", 400)).isEqualTo("runs");
    }

    @Test
    void whatRanBeforeARunThatIsTakenBackStillCounts() {
        DebounceCore core = core(10, 10);
        trigger(core, "quick", 0);
        Firing failed = core.fire(core.record("quick"), 10 * SECOND);
        Firing later = core.fire(core.record("quick"), 20 * SECOND);
        core.takeBack(failed);
        assertThat(trigger(core, "quick", 21)).isEqualTo("COOLDOWN 9");
        core.takeBack(later);
        assertThat(trigger(core, "quick", 21)).isEqualTo("runs");
    }

    @Test
    void forgettingAKeyKeepsTheHourAndForgettingAllDoesNot() {
        DebounceCore core = core(2, 5);
        trigger(core, "a", 0);
        core.reset("a");
        assertThat(trigger(core, "a", 1)).isEqualTo("runs");
        core.reset("a");
        assertThat(trigger(core, "a", 2)).isEqualTo("HOURLY 3598");
        core.reset();
        assertThat(trigger(core, "a", 2)).isEqualTo("runs");
    }

    @Test
    void keysOfWhichNothingMattersAreForgotten() {
        DebounceCore core = core(DebounceRules.UNLIMITED, DebounceRules.UNLIMITED);
        for (int i = 0; i < 50_000; i++) {
            trigger(core, "tool-" + i, 0);
        }
        trigger(core, "late", 299);
        core.evict(299 * SECOND);
        assertThat(core.size()).isEqualTo(50_001);
        core.evict(300 * SECOND);
        assertThat(core.size()).isEqualTo(1);
        assertThat(core.nextIdleAt()).isEqualTo(599 * SECOND);
        core.evict(599 * SECOND);
        assertThat(core.size()).isZero();
        assertThat(core.nextIdleAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDeniedTriggerLeavesNothingBehind() {
        DebounceCore core = core(1, 1);
        trigger(core, "a", 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(trigger(core, "denied-" + i, 1)).startsWith("HOURLY ");
        }
        assertThat(core.size()).isEqualTo(1);
    }

    /** Random triggers against a list of all that ran. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomHistoriesFollowTheRules(long seed) {
        Random random = new Random(seed);
        int perHour = 1 + random.nextInt(8);
        int ofKey = 1 + random.nextInt(4);
        DebounceCore core = core(perHour, ofKey);
        Map<String, List<Long>> ran = new HashMap<>();
        List<Long> all = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(200);
            String key = random.nextInt(4) == 0 ? "quick" : "key-" + random.nextInt(3);
            List<Long> own = ran.computeIfAbsent(key, k -> new ArrayList<>());
            long at = now;
            long cooldown = key.equals("quick") ? 10 : 300;
            boolean cool = own.isEmpty() || own.get(own.size() - 1) + cooldown <= at;
            boolean may = cool
                    && own.stream().filter(t -> t > at - 3_600).count() < ofKey
                    && all.stream().filter(t -> t > at - 3_600).count() < perHour;
            assertThat(trigger(core, key, now).equals("runs"))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(may);
            if (may) {
                own.add(now);
                all.add(now);
            }
            if (random.nextInt(50) == 0) {
                core.evict(now * SECOND);
            }
        }
    }
}
