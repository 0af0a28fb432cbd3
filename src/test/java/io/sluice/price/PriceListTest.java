package io.sluice.price;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a list of prices may say. */
class PriceListTest {

    private static final String GOOD =
            "\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"output\":2,\"date\":\"2026-11-22\",\"source\":\"s\"";

    private static List<ModelPrice> parse(String entries) {
        return PriceList.parse("prices", ("{\"version\":1,\"prices\":[" + entries + "]}").getBytes(UTF_8));
    }

    @Test
    void anEntryNeedsNoMoreThanItsTwoRatesAndItsSource() {
        ModelPrice price = parse("{" + GOOD + "}").get(0);
        assertThat(price.key()).isEqualTo(ModelKey.of("p", "m"));
        assertThat(price.rates()).isEqualTo(TokenRates.of(BigDecimal.ONE, BigDecimal.valueOf(2)));
        assertThat(price.source()).isEqualTo("s");
        assertThat(price.date()).hasToString("2026-11-22");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "input":1          | "input":"1"                         | prices[0].input must be a number between 0 and 1000, with at most 12 decimals and without quotes, was "1"
            "input":1          | "input":-1                          | prices[0].input must be a number between 0 and 1000, with at most 12 decimals and without quotes, was -1
            "input":1          | "input":1e999999999                 | prices[0].input must be a number
            "input":1          | "input":0.0000000000001             | prices[0].input must be a number
            "input":1          | "input":null                        | prices[0].input must be a number
            "input":1          | "inptu":1                           | prices[0].inptu is not a key of prices; there are provider, model
            "output":2         | "note":"x"                          | prices[0].output is missing
            "model":"m"        | "model":5                           | prices[0].model must be a text, was 5
            "model":"m"        | "model":"*"                         | prices[0]: a price is of one model, p/* is a wildcard
            "model":"m"        | "note":"x"                          | prices[0].model is missing
            "source":"s"       | "source":""                         | prices[0].source must be a text, was ""
            "date":"2026-11-22"| "date":"22.11.2026"                 | prices[0].date must be a day such as 2026-09-24, was "22.11.2026"
            "date":"2026-11-22"| "note":"x"                          | prices[0].date is missing
            "source":"s"       | "source":"s","from":"soon"          | prices[0].from must be a day
            "source":"s"       | "source":"s","batch":5              | prices[0]: batch must be a factor between 0 and 4
            "source":"s"       | "source":"s","batch":"half"         | prices[0].batch must be a number
            "source":"s"       | "source":"s","per_request":[]       | prices[0].per_request must be a number
            "source":"s"       | "source":"s","aliases":"x"          | prices[0].aliases must be an array of texts, was "x"
            "source":"s"       | "source":"s","aliases":["x",1]      | prices[0].aliases[1] must be a text, was 1
            "source":"s"       | "source":"s","above":{}             | prices[0].above must be an array, was {}
            "source":"s"       | "source":"s","above":[{"tokens":5,"input":0.5,"output":2}] | prices[0]: a longer call must not cost less than a shorter one, as it does above 5 tokens
            "source":"s"       | "source":"s","above":[{"tokens":"many","input":1,"output":2}] | prices[0].above[0].tokens must be a whole number of tokens, at least 1, was "many"
            "source":"s"       | "source":"s","above":[{"tokens":5,"input":1}] | prices[0].above[0].output is missing
            "source":"s"       | "source":"s","above":[{"tokens":5,"input":1,"output":2,"batch":1}] | prices[0].above[0].batch is not a key
            """)
    void aBadEntryIsNamedByItsKey(String from, String to, String problem) {
        assertThatThrownBy(() -> parse("{" + GOOD.replace(from, to) + "}"))
                .isInstanceOf(PriceListException.class)
                .hasMessageStartingWith("prices is not a list of prices: " + problem)
                .hasMessageEndingWith("Correct it; nothing of it was used.");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() ->
                        parse("{" + GOOD + "},{" + GOOD.replace("\"input\":1", "\"input\":[]") + "},{" + GOOD + "},5"))
                .isInstanceOfSatisfying(
                        PriceListException.class,
                        wrong -> assertThat(wrong.problems())
                                .containsExactly(
                                        "prices[1].input must be a number between 0 and 1000, with at most 12 decimals and"
                                                + " without quotes, was []",
                                        "prices[2] is p/m, as prices[0] is",
                                        "prices[3] must be an object, was 5"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            []                            | the document must be an object, was []
            {"prices":[]}                 | version must be 1, was missing
            {"version":2,"prices":[]}     | version must be 1, was 2
            {"version":1}                 | prices must be an array, was missing
            {"version":1,"prices":[],"x":1} | x is not a key of prices; there are version, prices
            {"version":1,                 | it is not JSON at line 1
            """)
    void aDocumentThatIsSomethingElseIsRefused(String document, String problem) {
        assertThatThrownBy(() -> PriceList.parse("the file", document.getBytes(UTF_8)))
                .isInstanceOf(PriceListException.class)
                .hasMessageStartingWith("the file is not a list of prices: " + problem);
    }
}
