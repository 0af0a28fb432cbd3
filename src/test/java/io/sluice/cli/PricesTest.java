package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.price.PriceBook;
import io.sluice.price.PriceList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice prices}. */
class PricesTest {

    @TempDir
    Path project;

    @Test
    void everyPriceIsARowWithItsSourceAndDate() {
        Ran ran = Ran.in(project, "prices");
        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .startsWith("Dollars per million tokens\n\n")
                .containsPattern(
                        "  openai/gpt-6-astra +in 10 +cached 1 +out 50 +as of 2026-09-24 copy of the model's page at OpenAI\n");
        assertThat(ran.out().lines()).hasSize(2 + PriceBook.builtin().prices().size());
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void oneModelIsShownInFull() {
        String astra = """
                openai/gpt-6-astra
                  per million tokens:  in $10, cached $1, cache write $12.5, out $50
                  above 272,000 in:  in $20, cached $2, cache write $25, out $75
                  batch:  times 0.5
                  flex:  times 0.5
                  fast:  times 2
                  source:  copy of the model's page at OpenAI, as of 2026-09-24
                """;
        Ran.in(project, "prices", "openai/gpt-6-astra").printed(astra);
        Ran.in(project, "prices", "GPT-6-Astra").printed(astra);
        Ran.in(project, "prices", "anthropic/claude-opus-4-20250514").printed("""
                anthropic/claude-opus-4
                  per million tokens:  in $15, cached $1.5, cache write $18.75, for an hour $30, out $75
                  batch:  times 0.5
                  also called:  claude-opus-4-0
                  source:  genai-prices data set, as of 2026-07-29
                """);
    }

    @Test
    void aModelWithASlashInItsNameIsFoundByIt() {
        assertThat(Ran.in(project, "prices", "openai/gpt-oss-20b").out()).startsWith("groq/openai/gpt-oss-20b\n");
    }

    @Test
    void aModelWithoutAPriceIsOneErrorThatSaysWhatToDo() {
        for (String name : new String[] {"openai/gpt-7", "gpt-7", "/", ""}) {
            Ran.in(project, "prices", name)
                    .failed(
                            ExitCode.FAILED,
                            "No price is known for '" + name
                                    + "'. Add it to .sluice/model-prices.json; 'sluice prices' shows those that are known.");
        }
    }

    @Test
    void whatIsPrintedAsJsonCanBeReadAsThePricesOfAProject() throws IOException {
        Ran all = Ran.in(project, "prices", "--json");
        assertThat(PriceList.parse("printed", all.out().getBytes(UTF_8)))
                .hasSameSizeAs(PriceBook.builtin().prices());
        Path file = Files.createDirectories(project.resolve(".sluice")).resolve("model-prices.json");
        Files.writeString(file, all.out());
        assertThat(Ran.in(project, "prices", "--json")).isEqualTo(all);
        Ran.in(project, "prices", "gpt-5.4-mini", "--json").printed("""
                {
                  "version": 1,
                  "prices": [
                    {
                      "provider": "openai",
                      "model": "gpt-5.4-mini",
                      "input": 0.75,
                      "cache_read": 0.075,
                      "cache_write": 0.75,
                      "cache_write_1h": 0.75,
                      "output": 4.5,
                      "reasoning": 4.5,
                      "date": "2026-03-18",
                      "source": "genai-prices data set"
                    }
                  ]
                }
                """);
    }

    @Test
    void thePricesOfTheProjectTakeThePlaceOfBuiltInOnes() throws IOException {
        Path file = Files.createDirectories(project.resolve(".sluice")).resolve("model-prices.json");
        Files.writeString(file, """
                {"version": 1, "prices": [
                  {"provider": "openai", "model": "gpt-4o", "input": 2, "output": 8,
                   "date": "2026-11-01", "source": "contract of November"}
                ]}
                """);
        Ran.in(project, "prices", "gpt-4o-2024-08-06").printed("""
                openai/gpt-4o
                  per million tokens:  in $2, cached $2, out $8
                  source:  contract of November, as of 2026-11-01
                """);
    }

    @Test
    void aFileOfPricesThatIsWrongIsOneError() throws IOException {
        Path file = Files.createDirectories(project.resolve(".sluice")).resolve("model-prices.json");
        Files.writeString(
                file, "{\"version\": 1, \"prices\": [{\"provider\": \"p\", \"model\": \"m\", \"input\": \"1\"}]}");
        Ran ran = Ran.in(project, "prices");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("sluice: " + file.toRealPath() + " is not a list of prices: prices[0].source is missing")
                .contains("prices[0].input must be a number between 0 and 1000")
                .hasLineCount(1);
    }
}
