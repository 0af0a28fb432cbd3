package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * The documented bounds of delay, under loads that are made to break them: more than the limits allow, of all sizes, in all
 * classes, by tenants that come and go.
 */
class StarvationTest {

    private static final List<Priority> PRIORITIES = List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);
    private static final long TPM = 10_000;
    private static final Duration AGING = Duration.ofSeconds(20);
    private static final PermitRequest PATIENT = tokens(0).timeout(Duration.ofDays(30));

    private record Asked(String tenant, Priority priority, long tokens, long at, double weight) {

        double cost() {
            return Math.max(1e-4, (double) tokens / TPM);
        }

        long rank() {
            return at + PRIORITIES.indexOf(priority) * AGING.toNanos();
        }
    }

    private final VirtualLimiter one = new VirtualLimiter(
            profile -> profile.tpm(TPM).concurrency(10_000),
            limiter -> limiter.aging(AGING)
                    .tenantWeight("a", 1)
                    .tenantWeight("b", 3)
                    .tenantWeight("c", 0.25));
    private final List<Asked> served = new ArrayList<>();
    private final Map<Asked, Integer> servedBefore = new HashMap<>();
    private long now;

    private void ask(String tenant, Priority priority, long tokens) {
        double weight = tenant.equals("b") ? 3 : tenant.equals("c") ? 0.25 : 1;
        Asked asked = new Asked(tenant, priority, tokens, now, weight);
        servedBefore.put(asked, served.size());
        PermitRequest request =
                tokens(tokens).timeout(PATIENT.timeout()).priority(priority).tenant(tenant);
        one.limiter
                .withPermit(request, permit -> Mono.fromRunnable(() -> served.add(asked)))
                .subscribe();
    }

    private void pass(Duration time) {
        now += time.toNanos();
        one.pass(time);
    }

    @Test
    void aLargeLowCallIsOvertakenByThoseOnlyThatComeWithinItsAging() {
        Random random = new Random(7);
        ask("a", Priority.NORMAL, TPM);
        ask("a", Priority.LOW, TPM);
        long asked = now;
        for (int i = 0; i < 2_000; i++) {
            // Twice what the limit allows.
            ask("a", random.nextBoolean() ? Priority.HIGH : Priority.NORMAL, 1 + random.nextInt(67));
            pass(Duration.ofMillis(100));
        }
        int at = indexOf(TPM, Priority.LOW);
        assertThat(served.subList(1, at)).isNotEmpty().allMatch(other -> other.at() < asked + 2 * AGING.toNanos());
        assertThat(served.subList(1, at).stream().filter(other -> other.priority() == Priority.NORMAL))
                .allMatch(other -> other.at() < asked + AGING.toNanos());
    }

    private int indexOf(long tokens, Priority priority) {
        for (int i = 0; i < served.size(); i++) {
            if (served.get(i).tokens() == tokens && served.get(i).priority() == priority) {
                return i;
            }
        }
        throw new AssertionError("never served");
    }

    @Test
    void noMixOfSizesPrioritiesAndTenantsBreaksTheBounds() {
        for (long seed = 1; seed <= 10; seed++) {
            StarvationTest mix = new StarvationTest();
            mix.flood(new Random(seed));
            mix.prioritiesAreKept(seed);
            mix.sharesAreKept(seed);
        }
    }

    /** Every tenant always has calls waiting; the sizes are the worst that each finds, in turns. */
    private void flood(Random random) {
        String[] tenants = {"a", "b", "c", "d"};
        for (int i = 0; i < 600; i++) {
            for (String tenant : tenants) {
                for (int n = 0; n < 3; n++) {
                    long tokens = switch (random.nextInt(10)) {
                        case 0 -> TPM;
                        case 1, 2 -> TPM / 4;
                        case 3 -> 0;
                        default -> 1 + random.nextInt(300);
                    };
                    ask(tenant, PRIORITIES.get(random.nextInt(3)), tokens);
                }
            }
            pass(Duration.ofMillis(random.nextInt(3_000)));
        }
        pass(Duration.ofMinutes(30));
    }

    /** Of those of one tenant who waited when a call was served, none should have gone before it. */
    private void prioritiesAreKept(long seed) {
        for (int i = 0; i < served.size(); i++) {
            Asked asked = served.get(i);
            int place = i;
            List<Asked> overtaken = served.subList(i + 1, served.size()).stream()
                    .filter(other -> other.tenant().equals(asked.tenant()) && servedBefore.get(other) <= place)
                    .filter(other -> other.rank() < asked.rank())
                    .toList();
            assertThat(overtaken).as("seed %s, overtaken by %s", seed, asked).isEmpty();
        }
    }

    /** Between two calls of a tenant others were given no more than their part, and a call. */
    private void sharesAreKept(long seed) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < served.size(); i++) {
            Asked asked = served.get(i);
            Integer before = last.put(asked.tenant(), i);
            if (before == null || servedBefore.get(asked) > before) {
                continue;
            }
            double allowed = served.get(before).cost() / asked.weight();
            Map<String, Double> given = new HashMap<>();
            Map<String, Double> largest = new HashMap<>();
            for (Asked other : served.subList(before + 1, i)) {
                given.merge(other.tenant(), other.cost(), Double::sum);
                largest.merge(other.tenant(), other.cost(), Math::max);
            }
            for (String other : given.keySet()) {
                double weight = served.stream()
                        .filter(each -> each.tenant().equals(other))
                        .findFirst()
                        .orElseThrow()
                        .weight();
                assertThat(given.get(other))
                        .as("seed %s, given to %s before %s", seed, other, i)
                        .isLessThanOrEqualTo(allowed * weight + largest.get(other) + 1e-9);
            }
        }
    }

    @Test
    void anEndlessLineOfNewTenantsHoldsNobodyUp() {
        for (int i = 0; i < 200; i++) {
            ask("a", Priority.LOW, 5_000);
        }
        int names = 0;
        int waiting = 10;
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < waiting; i++) {
            ask("new " + names++, Priority.HIGH, 100);
        }
        served.clear();
        for (int second = 0; second < 3_600; second++) {
            pass(Duration.ofSeconds(1));
            // As soon as one of them is served, another one comes under a new name.
            for (Asked asked : List.copyOf(served)) {
                if (!asked.tenant().equals("a") && seen.add(asked.tenant())) {
                    ask("new " + names++, Priority.HIGH, 100);
                }
            }
        }
        double since = 0;
        int calls = 0;
        double most = 0.5 * (waiting + 1) + 0.01 * (waiting + 2);
        for (Asked asked : served) {
            if (asked.tenant().equals("a")) {
                calls++;
                since = 0;
            } else {
                since += asked.cost();
                assertThat(since).as("given to others").isLessThanOrEqualTo(most + 1e-9);
            }
        }
        assertThat(calls).isGreaterThan(50);
    }
}
