package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskReaderTest {

    private static BatchTask read(String json, String model) {
        byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
        return new TaskReader(model).read(BatchLine.of(3, bytes, bytes.length + 1));
    }

    private static LlmRequest request(String json) {
        BatchTask task = read(json, null);
        assertThat(task.fault()).isNull();
        assertThat(task.request()).isNotNull();
        return task.request();
    }

    @Test
    void openAisBatchFormat() {
        String line = "{'custom_id':'a-1','method':'POST','url':'/v1/chat/completions','body':"
                + "{'model':'gpt-sim','messages':[{'role':'system','content':'s'},{'role':'user','content':'u','name':'n'}],"
                + "'max_tokens':7,'temperature':0.5}}";
        LlmRequest request = request(line);

        assertThat(read(line, null).id()).isEqualTo("a-1");
        assertThat(request.model()).isEqualTo("gpt-sim");
        assertThat(request.messages()).extracting(LlmMessage::role).containsExactly("system", "user");
        assertThat(request.messages().get(1).extra()).containsOnlyKeys("name");
        assertThat(request.extra()).containsOnlyKeys("max_tokens", "temperature");
        assertThat(request.extra().get("temperature").toString()).isEqualTo("0.5");
    }

    @Test
    void theBodyOfAChatCompletion() {
        String line = "{'custom_id':12,'model':'m','messages':[{'role':'assistant','content':null,'tool_calls':[{}]}],"
                + "'metadata':{'a':'b'}}";
        LlmRequest request = request(line);

        assertThat(read(line, null).id()).isEqualTo("12");
        assertThat(request.messages().get(0).content().isNull()).isTrue();
        assertThat(request.messages().get(0).extra()).containsOnlyKeys("tool_calls");
        assertThat(request.extra()).containsOnlyKeys("metadata");
    }

    @Test
    void aPromptAlone() {
        LlmRequest request = request("{'prompt':'tell','system':'be brief','model':'m','max_tokens':9}");

        assertThat(request.messages()).extracting(LlmMessage::role).containsExactly("system", "user");
        assertThat(request.messages())
                .extracting(m -> m.content().stringValue())
                .containsExactly("be brief", "tell");
        assertThat(request.extra()).containsOnlyKeys("max_tokens");
    }

    @Test
    void aLineWithoutANameIsCalledByItsContent() {
        // printf '{"prompt":"x"}' | sha256sum
        assertThat(read("{'prompt':'x'}", "m").id()).isEqualTo("sha256:b2c6fa432c7431184bb3a2e6a832348f");
        assertThat(read("{'custom_id':null,'prompt':'x'}", "m").id()).startsWith("sha256:");
        assertThat(read("{'prompt':", "m").id()).startsWith("sha256:");
    }

    @Test
    void linesWithTheSameNameAreToldApartByTheirOrder() {
        TaskReader reader = new TaskReader("m");
        List<String> lines = List.of(
                "{'prompt':'x'}",
                "{'custom_id':'a','prompt':'1'}",
                "{'prompt':'x'}",
                "{'custom_id':'a','prompt':'2'}",
                "{'prompt':'y'}",
                "{'prompt':'x'}");

        assertThat(lines)
                .extracting(line -> reader.read(
                                BatchLine.of(1, line.replace('\'', '"').getBytes(UTF_8), 1))
                        .occurrence())
                .containsExactly(1, 1, 2, 2, 1, 3);
    }

    @Test
    void theDefaultModelIsForLinesThatNameNone() {
        assertThat(read("{'prompt':'x'}", "own").request())
                .isNotNull()
                .extracting(LlmRequest::model)
                .isEqualTo("own");
        assertThat(read("{'prompt':'x','model':'other'}", "own").request())
                .isNotNull()
                .extracting(LlmRequest::model)
                .isEqualTo("other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                          | not JSON at column 2",
                "{} {}                                      | not JSON at column",
                "{'prompt':'a\\u00ZZ'}                      | not JSON at column",
                "{'prompt':'x','a':1e99999999999}           | not JSON at column 1: somewhere in it is a number",
                "[1]                                        | expected a JSON object, found a list",
                "null                                       | expected a JSON object, found null",
                "7                                          | expected a JSON object, found a number",
                "{}                                         | expected one of the fields body, messages and prompt",
                "{'custom_id':{},'prompt':'x'}              | custom_id must be a text",
                "{'prompt':'x'}                             | the line names no model",
                "{'prompt':'x','model':7}                   | model must be a text, found a number",
                "{'prompt':'x','model':' '}                 | model must be the name of a model",
                "{'prompt':'x','model':'*'}                 | model must be the name of a model",
                "{'prompt':7,'model':'m'}                   | prompt must be a text, found a number",
                "{'prompt':'x','model':'m','system':[]}     | system must be a text, found a list",
                "{'prompt':'x','model':'m','stream':true}   | stream must be false",
                "{'messages':[],'model':'m'}                | messages must be a list of at least one message",
                "{'messages':{},'model':'m'}                | messages must be a list of at least one message",
                "{'messages':['x'],'model':'m'}             | each message must be an object, found a text",
                "{'messages':[{'content':'x'}],'model':'m'} | role is missing",
                "{'messages':[{'role':' '}],'model':'m'}    | a message needs a role",
                "{'body':[]}                                | body must be an object, found a list",
                "{'body':{},'method':'GET'}                 | method must be POST",
                "{'body':{},'url':'/v1/embeddings'}         | url must be /v1/chat/completions",
            })
    void whatIsWrongWithALineIsSaidInOneSentence(String line, String fault) {
        BatchTask task = read(line, null);

        assertThat(task.request()).isNull();
        assertThat(task.fault()).startsWith(fault).doesNotContain("\n");
    }

    @Test
    void invalidUtf8IsAFault() {
        byte[] bytes = "{'prompt':'?'}".replace('\'', '"').getBytes(UTF_8);
        bytes[11] = (byte) 0xFF;

        assertThat(new TaskReader("m").read(BatchLine.of(1, bytes, 14)).fault()).startsWith("not JSON at column");
    }

    @Test
    void aLineThatIsTooLongIsAFault() {
        BatchTask task = new TaskReader("m").read(BatchLine.tooLong(8, new byte[32], 99_000_000));

        assertThat(task.id()).isEqualTo("sha256:" + "0".repeat(32));
        assertThat(task.fault()).isEqualTo("the line has 99000000 bytes, and at most 33554432 are read");
    }

    @Test
    void randomLinesNeverThrow() {
        SplittableRandom random = new SplittableRandom(5);
        String alphabet = "{}[]\",:'\\abu0 \n\u0000é-.eE";
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"prompt\":" : "");
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            BatchTask task = read(text.toString(), "m");

            assertThat(task.request() == null).isNotEqualTo(task.fault() == null);
        }
    }
}
