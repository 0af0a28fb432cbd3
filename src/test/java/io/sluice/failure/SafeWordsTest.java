package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words of a provider as they may stand in a log. In each of them the secret, or its telling part, is "hunter2". */
class SafeWordsTest {

    private static String shown(String words) {
        String shown = SafeWords.of(words, SafeWords.LONGEST);
        return shown == null ? "" : shown;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer hunter2hunter2",
                "Authorization: Basic aHVudGVyMjpodW50ZXIy-hunter2==",
                "authorization=Basic dXNlcjpodW50ZXIyhunter2",
                "Authorization: Token hunter2hunter2",
                "Authorization: hunter2hunter2",
                "Authorization: \"Bearer hunter2hunter2\"",
                "Proxy-Authorization: Basic dXNlcjpwYXNzhunter2",
                "Basic dXNlcjpodW50ZXIyhunter2=",
                "Authorization: AWS4-HMAC-SHA256 Credential=hunter2/20261122/us-east-1, SignedHeaders=host,"
                        + " Signature=hunter2hunter2",
                "x-api-key: hunter2hunter2",
                "x-goog-api-key=hunter2hunter2",
                "Ocp-Apim-Subscription-Key: hunter2hunter2",
                "https://x/?key=hunter2hunter2&alt=sse",
                "https://x/?a=1&api-key=hunter2hunter2",
                "https://x/?sig=hunter2hunter2%2B",
                "https://x/?X-Amz-Signature=hunter2hunter2",
                "{\"api_key\":\"hunter2hunter2\"}",
                "{\"api_key\" : \"hunter2hunter2\"}",
                "{'apiKey': 'hunter2hunter2'}",
                "{\\\"api_key\\\":\\\"hunter2hunter2\\\"}",
                "{\\u0022api_key\\u0022:\\u0022hunter2hunter2\\u0022}",
                "body=%7B%22api_key%22%3A%22hunter2hunter2%22%7D",
                "body=%7B%22api_key%22%3A+%22hunter2hunter2%22%7D",
                "body=%257B%2522api_key%2522%253A%2522hunter2hunter2%2522%257D",
                "client_secret=hunter2",
                "{\"client_secret\":\"hunter2\"}",
                "clientSecret: hunter2",
                "aws_secret_access_key = hunter2hunter2",
                "access_token=hunter2hunter2",
                "refreshToken: 'hunter2hunter2'",
                "password=hunter2",
                "passwd: hunter2",
                "{\"password\":\"hunter2\"}",
                "https://user:hunter2@example.org/v1",
                "http://hunter2@proxy.example.org:8080",
                "redis://:hunter2@localhost:6379",
                "Incorrect API key provided: hunter2-1b2c3d4e-hunter2",
                "Incorrect API key provided: 'hunter2a-12d3-a456-426614174000'",
                "API key hunter2a-12d3-a456-426614174000 is not valid",
                "the api key \"hunter2a-12d3-a456-426614174000\" is not valid",
                "invalid token <hunter2a-12d3-a456-426614174000>",
                "key is hunter2a-12d3-a456-426614174000",
                "token => hunter2hunter2",
                "api_key: hunter2hunter2hunter2+and/more/hunter2==, sorry",
            })
    void noSecretIsShownInWhateverFormItStands(String words) {
        assertThat(shown("refused: " + words + ", ask again"))
                .doesNotContain("hunter2")
                .contains("[key]");
        assertThat(shown(words)).doesNotContain("hunter2");
        assertThat(shown(shown(words))).as("what is hidden stays as it is").isEqualTo(shown(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 200000, Used 150974, Requested 53621.",
                "request id 123e4567-e89b-12d3-a456-426614174000",
                "max_tokens: Field required",
                "The API key is invalid. Please check your key and try again.",
                "Invalid token: unexpected end of input",
                "Basic authentication is not supported",
                "Authorization header is missing",
                "Missing bearer or basic authentication in header",
                "Number of request tokens has exceeded your per-minute rate limit",
                "Quota exceeded for metric: generate_content_free_tier_input_token_count, limit: 250000",
                "key: rate_limit_exceeded",
                "Unsupported key: 'max_completion_tokens'",
                "see https://example.org/@team/page and mail to help@example.org",
                "see https://platform.openai.com/account/api-keys.",
                "100% of the limit is used",
                "prompt is too long: 247583 tokens > 200000 maximum",
                "Monkey business at turkey2026.example.org",
            })
    void ordinaryWordsStayAsTheyAre(String words) {
        assertThat(shown(words)).isEqualTo(words);
    }
}
