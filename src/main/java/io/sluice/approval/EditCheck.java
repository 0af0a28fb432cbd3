package io.sluice.approval;

import java.util.List;
import reactor.core.publisher.Mono;

/** Looks at edited arguments before they count. The terms of the edited request are applied beside it, in any case. */
@FunctionalInterface
public interface EditCheck {

    /**
     * What is wrong with them.
     *
     * @param record the request as it stands
     * @param edited the same with the edited arguments
     * @return problems in words that do not repeat the arguments; an empty list for none. If it fails or ends without a list,
     *     the edit is refused
     */
    Mono<List<String>> problems(ApprovalRecord record, ApprovalRequest edited);

    /**
     * Checks against the JSON Schema of the terms, where they have one. Needs the optional dependency
     * {@code com.networknt:json-schema-validator}; without it, an edit of a request that has a schema is refused.
     */
    static EditCheck schema() {
        return SchemaCheck::problems;
    }
}
