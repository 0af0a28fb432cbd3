package io.sluice.approval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Those whom a flow knows by name; where it knows nobody, whoever decides is believed to be who they say they are. */
final class Approvers {

    private final Map<String, Approver> byId = new LinkedHashMap<>();

    Approvers(List<Approver> approvers) {
        for (Approver approver : approvers) {
            if (byId.put(approver.id(), approver) != null) {
                throw new IllegalArgumentException("there are two approvers with the id " + approver.id());
            }
        }
    }

    List<Approver> all() {
        return List.copyOf(byId.values());
    }

    @Nullable
    Approver find(String id) {
        return byId.isEmpty() ? Approver.of(id) : byId.get(id);
    }

    /** Whom to tell with a delivery. */
    List<Approver> recipients(ApprovalRecord record, int index) {
        Delivery delivery = record.deliveries().get(index);
        boolean again = record.deliveries().subList(0, index).stream()
                .anyMatch(other -> other.channel().equals(delivery.channel()) && other.step() == delivery.step());
        Electorate asked = delivery.step() == 0
                ? record.terms().electorate()
                : record.terms().ladder().get(delivery.step() - 1).to();
        String requester = record.request().requester();
        return byId.values().stream()
                .filter(one -> again ? Ruling.asked(record, one) && !hasVoted(record, one) : asked.includes(one))
                .filter(one -> requester == null || !one.id().equalsIgnoreCase(requester))
                .toList();
    }

    private static boolean hasVoted(ApprovalRecord record, Approver approver) {
        return record.votes().stream().anyMatch(vote -> vote.approver().equals(approver.id()));
    }
}
