package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;

class TransportRequestTest {

    private static final URI ADDRESS = URI.create("https://me:pass@example.com:8443/v1/chat?key=k-123#part");

    @Test
    void itsTextShowsWhereItGoesAndNothingSecret() {
        TransportRequest request =
                TransportRequest.postJson(ADDRESS, "prompt".getBytes(UTF_8)).header("authorization", "Bearer k-123");
        assertThat(request).hasToString("POST https://example.com:8443/v1/chat");
    }

    @Test
    void aChangeLeavesTheOriginalAsItWas() {
        TransportRequest bare = TransportRequest.of("PUT", ADDRESS);
        byte[] body = {1};
        TransportRequest full = bare.header("a", "b").body(body);
        body[0] = 2;
        full.body()[0] = 3;
        assertThat(full.body()).containsExactly(1);
        assertThat(bare.body()).isEmpty();
        bare.forEachHeader((name, value) -> {
            throw new AssertionError(name);
        });
    }

    @Test
    void aHeaderThatCouldSmuggleAnotherIsRefusedWithoutShowingIt() {
        TransportRequest request = TransportRequest.of("GET", ADDRESS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.header("authorization", "Bearer k-123\r\nx: y"))
                .withMessageContaining("authorization")
                .withMessageNotContaining("k-123");
        assertThatIllegalArgumentException().isThrownBy(() -> request.header("a b", "c"));
    }

    @Test
    void onlyAbsoluteHttpAddressesAreTaken() {
        for (String address : new String[] {
            "/v1", "ftp://example.com/", "http:/v1", "mailto:a@b.c", "http://host:0/", "http://host:65536/"
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TransportRequest.of("GET", URI.create(address)))
                    .withMessageContaining("absolute");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> TransportRequest.of("GET /", ADDRESS));
    }
}
