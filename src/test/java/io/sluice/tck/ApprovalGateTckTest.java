package io.sluice.tck;

import io.sluice.approval.ApprovalFlow;
import io.sluice.approval.ApprovalRequest;
import io.sluice.approval.GrantOffer;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Flux;

/** A stream that passes a gate, where a standing grant approves each element. */
public class ApprovalGateTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        ApprovalFlow flow = ApprovalFlow.builder().build();
        GrantOffer offer = GrantOffer.of("pass", Map.of(), Duration.ofHours(1), Integer.MAX_VALUE);
        return flow.grant("ada", offer)
                .thenMany(source.transform(flow.gate(
                        element -> ApprovalRequest.of("pass", Map.of("element", element))
                                .call("run", "" + element),
                        4)));
    }
}
