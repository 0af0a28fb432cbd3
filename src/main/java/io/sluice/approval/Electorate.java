package io.sluice.approval;

import java.util.Set;

/**
 * Who may decide about a request: who is named, or has one of the roles. If neither is given, everybody whom the flow knows.
 *
 * @param ids names of approvers
 * @param roles roles of approvers
 */
public record Electorate(Set<String> ids, Set<String> roles) {

    /** Everybody whom the flow knows. */
    public static final Electorate EVERYBODY = new Electorate(Set.of(), Set.of());

    /** Keeps copies. */
    public Electorate {
        ids = Set.copyOf(ids);
        roles = Set.copyOf(roles);
    }

    /** Those with these names. */
    public static Electorate of(String... ids) {
        return new Electorate(Set.of(ids), Set.of());
    }

    /** Those with one of these roles. */
    public static Electorate ofRoles(String... roles) {
        return new Electorate(Set.of(), Set.of(roles));
    }

    /** Whether somebody belongs to it. */
    public boolean includes(Approver approver) {
        return (ids.isEmpty() && roles.isEmpty())
                || ids.contains(approver.id())
                || approver.roles().stream().anyMatch(roles::contains);
    }
}
