package io.sluice.approval;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may decide.
 *
 * @param id the name that decisions and the audit log call them by; not blank
 * @param roles what they may decide about
 * @param addresses where channels reach them, by the name of the channel; one that is not listed uses the id
 */
public record Approver(String id, Set<String> roles, Map<String, String> addresses) {

    /**
     * Keeps copies.
     *
     * @throws IllegalArgumentException if the id is blank
     */
    public Approver {
        if (id.isBlank()) {
            throw new IllegalArgumentException("the id of an approver must not be blank");
        }
        roles = Set.copyOf(roles);
        addresses = Map.copyOf(addresses);
    }

    /** Somebody with roles. */
    public static Approver of(String id, String... roles) {
        return new Approver(id, Set.of(roles), Map.of());
    }

    /** The same person with an address on a channel. */
    public Approver at(String channel, String address) {
        Objects.requireNonNull(address, "address");
        Map<String, String> more = new HashMap<>(addresses);
        more.put(channel, address);
        return new Approver(id, roles, more);
    }

    /** Where a channel reaches them. */
    public String address(String channel) {
        @Nullable String address = addresses.get(channel);
        return address == null ? id : address;
    }
}
