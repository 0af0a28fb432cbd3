package io.sluice.channel.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers as servers write them, and as forgers do. */
class AuthenticationResultsTest {

    private static final SenderCheck CHECK = SenderCheck.authenticatedBy("MX.example.com");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | mx.example.com; dmarc=pass header.from=corp.example",
                "true  | mx.example.com 1; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=corp.example",
                "true  | mx.example.com; dkim=pass header.i=@corp.example header.s=s1 header.b=abc header.d=corp.example",
                "true  | mx.example.com; spf=pass smtp.mailfrom=other.example; dkim=pass header.d = corp.example",
                "true  | MX.Example.COM; DMARC=Pass Header.From=Corp.Example",
                "false | mx.example.com; spf=pass smtp.mailfrom=corp.example",
                "false | mx.example.com; dkim=pass header.d=evil.example",
                "false | mx.example.com; dkim=fail header.d=corp.example",
                "false | mx.example.com; dkim=pass header.d=example",
                "false | mx.example.com; dkim=pass header.d=evilcorp.example",
                "false | mx.example.com; dmarc=fail header.from=corp.example; dkim=pass header.d=corp.example",
                "false | mx.example.com; dmarc=pass header.from=evil.example",
                "false | mx.example.com; dmarc=pass",
                "false | mx.example.com; none",
                "false | mx.example.com",
                "false | mx.evil.example; dmarc=pass header.from=corp.example",
                "false | mx.example.com.evil.example; dmarc=pass header.from=corp.example",
                "false | mx.example.com; dkim=fail (dkim=pass header.d=corp.example) header.d=x.example",
                "false | mx.example.com; dkim=fail reason=\"; dkim=pass header.d=corp.example\" header.d=x.example",
                "false | mx.example.com; spf=fail smtp.mailfrom=\"x dmarc=pass header.from=corp.example\"",
                "false | ''"
            })
    void aDomainIsAuthenticatedByItsServerAlone(boolean passes, String header) {
        assertThat(CHECK.passes(List.of(header), "Corp.example")).isEqualTo(passes);
    }

    @Test
    void aSignatureOfTheDomainAboveCounts() {
        assertThat(CHECK.passes(List.of("mx.example.com; dkim=pass header.d=corp.example"), "mail.corp.example"))
                .isTrue();
    }

    @Test
    void headersOfOthersAreIgnored() {
        assertThat(CHECK.passes(
                        List.of(
                                "mx.evil.example; dmarc=pass header.from=corp.example",
                                "mx.example.com; dmarc=pass header.from=corp.example"),
                        "corp.example"))
                .isTrue();
    }

    @Test
    void ofSeveralUnderTheServersNameTheTopmostCounts() {
        assertThat(CHECK.passes(
                        List.of(
                                "mx.example.com; dmarc=fail header.from=corp.example",
                                "mx.example.com; dmarc=pass header.from=corp.example"),
                        "corp.example"))
                .isFalse();
    }

    @Test
    void aMailWithoutTheHeaderIsNotAuthenticated() {
        assertThat(CHECK.passes(List.of(), "corp.example")).isFalse();
        assertThat(SenderCheck.none().passes(List.of(), "corp.example")).isTrue();
    }

    @Test
    void noCheckIsAskedForByItsName() {
        assertThatThrownBy(() -> SenderCheck.authenticatedBy(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use SenderCheck.none()");
    }
}
