package io.sluice.governor;

import io.sluice.approval.ApprovalFlow;
import io.sluice.approval.ApprovalRequest;
import io.sluice.approval.ApprovalTerms;
import io.sluice.call.Call;
import io.sluice.call.Risk;
import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/**
 * Which calls people are asked about, and under what terms: the first rule that is for a call says. A call that no rule is for
 * may be made.
 *
 * <pre>{@code
 * Governor.builder().approval(ApprovalPolicy.builder(flow)
 *         .pass(call -> call.name().equals("read_file"))
 *         .ask("delete_file", ApprovalTerms.STANDARD.quorum(Quorum.of(2, 3)))
 *         .askFrom(Risk.MEDIUM, ApprovalTerms.STANDARD)
 *         .build())
 * }</pre>
 *
 * <p>An approved call is made once: of several that wait for the same decision, one gets the right to it and the others fail.
 * What was not approved is a {@link CallDeclinedException} with words for the model; that asking itself failed is another error,
 * and must not read as a refusal.
 */
public final class ApprovalPolicy implements Function<Call<?>, Mono<Decision>> {

    private record Rule(
            Predicate<? super Call<?>> isFor, @Nullable ApprovalTerms terms) {}

    private final ApprovalFlow flow;
    private final List<Rule> rules;
    private final Function<? super Call<?>, ApprovalRequest> requests;

    private ApprovalPolicy(Builder builder) {
        this.flow = builder.flow;
        this.rules = List.copyOf(builder.rules);
        this.requests = builder.requests;
    }

    /** Begins a policy under which nobody is asked about anything. */
    public static Builder builder(ApprovalFlow flow) {
        return new Builder(Objects.requireNonNull(flow, "flow"));
    }

    @Override
    public Mono<Decision> apply(Call<?> call) {
        return Mono.defer(() -> {
            ApprovalTerms terms = terms(call);
            return terms == null
                    ? Mono.just(Decision.approved())
                    : flow.request(requests.apply(call), terms).flatMap(decision -> translated(call, decision));
        });
    }

    private @Nullable ApprovalTerms terms(Call<?> call) {
        for (Rule rule : rules) {
            if (rule.isFor().test(call)) {
                return rule.terms();
            }
        }
        return null;
    }

    private Mono<Decision> translated(Call<?> call, io.sluice.approval.Decision decision) {
        if (decision instanceof io.sluice.approval.Decision.Approved approved) {
            Object edited;
            try {
                edited = approved.edited() ? edited(call.arguments(), approved.arguments()) : null;
            } catch (JacksonException unfit) {
                return Mono.just(Decision.declined(
                        "approved with edited arguments that are not of the type that the call takes"));
            }
            return flow.claim(approved.id()).map(right -> Decision.approvedOnce(edited, right));
        }
        if (decision instanceof io.sluice.approval.Decision.Rejected rejected) {
            return Mono.just(Decision.declined("declined by human: " + rejected.reason()));
        }
        if (decision instanceof io.sluice.approval.Decision.Cancelled cancelled) {
            return Mono.just(Decision.declined("the request was withdrawn: " + cancelled.reason()));
        }
        return Mono.just(Decision.declined("nobody decided in time"));
    }

    /** The edited arguments, of the type of the call's own. */
    private static Object edited(Object own, String json) {
        Class<?> type = own instanceof Map ? Map.class : own instanceof List ? List.class : own.getClass();
        return Json.mapper().readValue(json, type);
    }

    /** Collects the rules. Not thread-safe. */
    public static final class Builder {

        private final ApprovalFlow flow;
        private final List<Rule> rules = new ArrayList<>();
        private Function<? super Call<?>, ApprovalRequest> requests = Builder::request;

        private Builder(ApprovalFlow flow) {
            this.flow = flow;
        }

        private static ApprovalRequest request(Call<?> call) {
            ApprovalRequest request =
                    ApprovalRequest.of(call.name(), call.arguments()).risk(call.risk());
            String requester = call.requester();
            return requester == null ? request : request.requester(requester);
        }

        /** Nobody is asked about these calls. */
        public Builder pass(Predicate<? super Call<?>> calls) {
            rules.add(new Rule(Objects.requireNonNull(calls, "calls"), null));
            return this;
        }

        /** People are asked about these calls, by whatever of them: name, risk, arguments. */
        public Builder ask(Predicate<? super Call<?>> calls, ApprovalTerms terms) {
            rules.add(new Rule(Objects.requireNonNull(calls, "calls"), Objects.requireNonNull(terms, "terms")));
            return this;
        }

        /** People are asked about calls of this name. */
        public Builder ask(String name, ApprovalTerms terms) {
            Objects.requireNonNull(name, "name");
            return ask(call -> call.name().equals(name), terms);
        }

        /** People are asked about calls that can do so much harm or more. */
        public Builder askFrom(Risk risk, ApprovalTerms terms) {
            Objects.requireNonNull(risk, "risk");
            return ask(call -> call.risk().compareTo(risk) >= 0, terms);
        }

        /** People are asked about all calls. */
        public Builder askAlways(ApprovalTerms terms) {
            return ask(call -> true, terms);
        }

        /**
         * How a call is put to people; default its name, arguments, risk and requester. Say here which run and call it is, so that
         * it is asked for once and carried out once across restarts.
         */
        public Builder requests(Function<? super Call<?>, ApprovalRequest> requests) {
            this.requests = Objects.requireNonNull(requests, "requests");
            return this;
        }

        /** Makes the policy. */
        public ApprovalPolicy build() {
            return new ApprovalPolicy(this);
        }
    }
}
