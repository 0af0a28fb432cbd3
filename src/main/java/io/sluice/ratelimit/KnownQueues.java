package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import io.sluice.time.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The queues of one limiter: one for each model that was asked for, or for each pool of models. One that nobody needs any
 * more goes, so that keys that are used once do not stay for ever. Whoever finds it nevertheless, because they looked for
 * it before, is sent on to its successor: a queue takes nobody in once it has decided to go.
 *
 * <p>Thread-safe.
 */
final class KnownQueues {

    private static final AtomicReferenceFieldUpdater<KnownQueues, RateLimitProfiles> PROFILES =
            AtomicReferenceFieldUpdater.newUpdater(KnownQueues.class, RateLimitProfiles.class, "profiles");

    /** How many names are remembered beyond those that have a queue of their own; the others are looked up again. */
    private static final int MORE_NAMES = 4_096;

    /** After how many queues a sweep lets others have the thread. */
    private static final int SLICE = 4_096;

    private static final Duration SHORTEST_SWEEP = Duration.ofSeconds(1);

    /** What a limiter makes for a model that is new to it. */
    interface Maker {

        PermitQueue make(ModelKey key, RateLimitProfile profile);
    }

    private final LimiterCore core;
    private final Maker maker;
    private final long sweepEvery;
    private final long unusedFor;
    private final Alarm sweeping;

    private final Map<StateName, PermitQueue> queues = new ConcurrentHashMap<>();
    /** Where calls of a name go, so that most are found by one look. */
    private final Map<ModelKey, PermitQueue> names = new ConcurrentHashMap<>();
    /** Those whose models went into other pools; they stay until the last of their calls has ended. */
    private final Set<PermitQueue> former = ConcurrentHashMap.newKeySet();
    /** What is known from before; each is taken out when its model is first asked for. */
    private final Map<StateName, RateLimitState> restored = new ConcurrentHashMap<>();

    private volatile RateLimitProfiles profiles;
    /** Set once, then every new queue is handed to it. */
    private volatile @Nullable Consumer<PermitQueue> closing;

    /** How far the present sweep is; owned by the task of the alarm. */
    private @Nullable Iterator<Map.Entry<StateName, PermitQueue>> swept;

    KnownQueues(LimiterCore core, RateLimitProfiles profiles, Collection<RateLimitState> known, Maker maker) {
        this.core = core;
        this.profiles = profiles;
        this.maker = maker;
        Duration window = core.window();
        this.sweepEvery = (window.compareTo(SHORTEST_SWEEP) < 0 ? SHORTEST_SWEEP : window).toNanos();
        this.unusedFor = window.multipliedBy(2).toNanos();
        this.sweeping = new Alarm(core.time(), this::sweep, refused -> {});
        for (RateLimitState state : known) {
            restored.put(StateName.of(state.key(), state.pool()), state);
        }
    }

    /**
     * The queue of a model, made where there is none.
     *
     * @throws UnknownModelException if no profile covers the model
     */
    PermitQueue of(ModelKey key) {
        PermitQueue known = names.get(key);
        return known != null && !known.isRetired() ? known : find(key);
    }

    private PermitQueue find(ModelKey asked) {
        RateLimitProfiles seen = profiles;
        RateLimitProfile profile = seen.resolve(asked);
        ModelKey key = seen.properName(asked);
        StateName name = StateName.of(key, profile.pool());
        PermitQueue known = queues.get(name);
        PermitQueue queue = known == null || known.isRetired() ? add(name, key, seen, profile) : known;
        if (!key.equals(asked) || name.model() == null) {
            if (names.size() > queues.size() + MORE_NAMES) {
                names.clear();
            }
        }
        names.put(asked, queue);
        if (profiles != seen) {
            names.remove(asked, queue);
        }
        return queue;
    }

    private PermitQueue add(StateName name, ModelKey key, RateLimitProfiles seen, RateLimitProfile profile) {
        PermitQueue fresh = maker.make(key, profile);
        RateLimitState before = restored.get(name);
        StateName alone = StateName.of(key);
        if (before == null) {
            before = restored.get(alone);
        }
        if (before != null) {
            fresh.restore(before);
        }
        PermitQueue queue = queues.merge(name, fresh, (present, added) -> present.isRetired() ? added : present);
        if (queue != fresh) {
            return queue;
        }
        restored.remove(name);
        restored.remove(alone);
        // An update or a disposal that went through the queues before this one was among them has not told it.
        if (profiles != seen) {
            fresh.update(() -> profiles.resolve(key));
        }
        Consumer<PermitQueue> close = closing;
        if (close != null) {
            close.accept(fresh);
        } else {
            sweeping.at(core.time().nanos() + sweepEvery);
        }
        return fresh;
    }

    /** Other profiles apply, to waiting calls as well. A model that they put into another pool counts there from now on. */
    void update(UnaryOperator<RateLimitProfiles> change) {
        RateLimitProfiles changed = PROFILES.updateAndGet(this, change);
        names.clear();
        queues.forEach((name, queue) -> {
            RateLimitProfile profile = changed.find(queue.key());
            ModelKey key = changed.properName(queue.key());
            if (profile != null && !StateName.of(key, profile.pool()).equals(name)) {
                former.add(queue);
                queues.remove(name, queue);
            }
            queue.update(() -> profiles.resolve(queue.key()));
        });
        for (PermitQueue queue : former) {
            queue.update(() -> profiles.resolve(queue.key()));
        }
    }

    /** What another limiter needs to go on from here. */
    List<RateLimitState> states() {
        List<RateLimitState> states = new ArrayList<>(restored.values());
        for (PermitQueue queue : queues.values()) {
            states.add(queue.state());
        }
        return states;
    }

    /** Hands over all queues, and each that is made from now on. */
    void close(Consumer<PermitQueue> close) {
        closing = close;
        sweeping.dispose();
        queues.values().forEach(close);
        former.forEach(close);
    }

    /** How many queues there are. */
    int size() {
        return queues.size() + former.size();
    }

    /** How many names lead to them. */
    int names() {
        return names.size();
    }

    /** Has those go that nobody needs; a part of them at a time, because there may be a million. */
    void sweep() {
        if (closing != null) {
            return;
        }
        Iterator<Map.Entry<StateName, PermitQueue>> rest = swept;
        if (rest == null) {
            former.removeIf(queue -> queue.retire(unusedFor));
            rest = queues.entrySet().iterator();
        }
        for (int looked = 0; looked < SLICE && rest.hasNext(); looked++) {
            Map.Entry<StateName, PermitQueue> entry = rest.next();
            PermitQueue queue = entry.getValue();
            if (queue.retire(unusedFor)) {
                queues.remove(entry.getKey(), queue);
                names.remove(queue.key(), queue);
            }
        }
        long now = core.time().nanos();
        if (rest.hasNext()) {
            swept = rest;
            sweeping.at(now);
            return;
        }
        swept = null;
        if (names.size() > queues.size()) {
            names.values().removeIf(PermitQueue::isRetired);
        }
        if (!queues.isEmpty() || !former.isEmpty()) {
            sweeping.at(now + sweepEvery);
        }
    }
}
