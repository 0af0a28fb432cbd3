package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice batch} with a budget, on the embedded simulator. */
class BatchBudgetCommandTest {

    private static final int LINES = 40;
    private static final Pattern LEFT =
            Pattern.compile("sluice: the budget is used up: (\\d+) lines? (?:is|are) left to do\\."
                    + " The next one may cost (.+), and (.+) is free; go on with --resume and another budget\n");

    @TempDir
    Path directory;

    private Path prompts;
    private Path results;

    @BeforeEach
    void files() throws IOException {
        prompts = directory.resolve("in.jsonl");
        results = directory.resolve("in.results.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            lines.add("{\"custom_id\":\"p" + i + "\",\"prompt\":\"number " + i + "\",\"max_tokens\":20}");
        }
        Files.write(prompts, lines);
    }

    private Ran batch(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "batch",
                prompts.toString(),
                "--project-dir",
                directory.toString(),
                "--window",
                "1s",
                "--rpm",
                "1000",
                "--tpm",
                "1000000"));
        all.addAll(List.of(options));
        return Ran.sluice(all.toArray(String[]::new));
    }

    private List<String> answered() throws IOException {
        return Files.readAllLines(results).stream()
                .map(Json::read)
                .filter(line -> line.path("error").isNull())
                .map(line -> line.path("id").stringValue())
                .toList();
    }

    private static int left(Ran ran) {
        Matcher told = LEFT.matcher(ran.err());
        assertThat(told.find()).as(ran.err()).isTrue();
        return Integer.parseInt(told.group(1));
    }

    @ParameterizedTest
    @CsvSource({"--budget-tokens, 500, \\d+ of 500 tokens", "--budget-usd, 0.0001, \\$0\\.[0-9]+ of \\$0.0001"})
    void aBatchStopsWhenItsBudgetIsUsedUpAndIsResumedWithAnother(String option, String amount, String spent)
            throws IOException {
        Ran first = batch("--model", "gpt-4o-mini", option, amount);
        assertThat(first.code()).isEqualTo(ExitCode.OUT_OF_BUDGET);
        assertThat(first.out()).containsPattern("budget: " + spent + " spent\n");
        int done = answered().size();
        assertThat(done).isBetween(1, LINES - 1);
        assertThat(left(first)).isEqualTo(LINES - done);
        assertThat(Files.readAllLines(results)).as("no line is an error").hasSize(done);

        Ran second = batch("--model", "gpt-4o-mini", "--resume", option, amount);
        assertThat(second.code()).isEqualTo(ExitCode.OUT_OF_BUDGET);
        assertThat(answered()).hasSizeGreaterThan(done);
        assertThat(left(second)).isEqualTo(LINES - answered().size());

        Ran third = batch("--model", "gpt-4o-mini", "--resume");
        assertThat(third.code()).isEqualTo(ExitCode.OK);
        assertThat(answered()).hasSize(LINES).doesNotHaveDuplicates();
    }

    @Test
    void whatWasSpentIsNeverMoreThanTheBudgetWhereTheEstimatesHold() throws IOException {
        Ran ran = batch("--budget-tokens", "1000");
        Matcher spent = Pattern.compile("budget: ([\\d,]+) of 1,000 tokens").matcher(ran.out());
        assertThat(spent.find()).isTrue();
        long told = Long.parseLong(spent.group(1).replace(",", ""));
        long billed = Files.readAllLines(results).stream()
                .map(Json::read)
                .mapToLong(line -> line.path("usage").path("input").longValue()
                        + line.path("usage").path("output").longValue())
                .sum();
        assertThat(told).isEqualTo(billed).isLessThanOrEqualTo(1_000);
    }

    @Test
    void aBudgetThatSufficesChangesNothing() throws IOException {
        Ran ran = batch("--model", "gpt-4o-mini", "--budget-usd", "5", "--budget-tokens", "100000");
        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.out())
                .containsPattern("budget: \\$0\\.0\\d+ of \\$5\\.00 and [\\d,]+ of 100,000 tokens spent\n");
        assertThat(answered()).hasSize(LINES);
    }

    @Test
    void aBudgetThatIsTooSmallForOneLineSendsNothing() throws IOException {
        Ran ran = batch("--budget-tokens", "5");
        assertThat(ran.code()).isEqualTo(ExitCode.OUT_OF_BUDGET);
        assertThat(left(ran)).isEqualTo(LINES);
        assertThat(ran.out()).contains("0 requests").contains("budget: 0 of 5 tokens spent");
        assertThat(results).isEmptyFile();
    }

    @Test
    void aModelWithoutAPriceIsRefusedBeforeAnythingIsDone() {
        batch("--budget-usd", "1")
                .failed(
                        ExitCode.FAILED,
                        "No price is known for openai/gpt-sim. Add it to the project's .sluice/model-prices.json, or with"
                                + " PriceBook.with(..).");
        assertThat(results).doesNotExist();
    }

    @Test
    void aLineThatNamesAModelWithoutAPriceIsAnErrorAndTheOthersGoOn() throws IOException {
        Files.writeString(
                prompts,
                "{\"custom_id\":\"bad\",\"body\":{\"model\":\"gpt-sim\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],"
                        + "\"max_tokens\":5}}\n{\"custom_id\":\"good\",\"prompt\":\"b\",\"max_tokens\":5}\n");
        Ran ran = batch("--model", "gpt-4o-mini", "--budget-usd", "1");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(answered()).containsExactly("good");
        assertThat(Files.readString(results)).contains("the price of simulator/gpt-sim is not known");
    }

    @Test
    void thePricesOfTheProjectCount() throws IOException {
        Path file = Files.createDirectories(directory.resolve(".sluice")).resolve("model-prices.json");
        Files.writeString(
                file,
                "{\"version\":1,\"prices\":[{\"provider\":\"openai\",\"model\":\"gpt-sim\",\"input\":0,\"output\":0,"
                        + "\"per_request\":0.1,\"date\":\"2026-11-22\",\"source\":\"ours\"}]}");
        Ran ran = batch("--budget-usd", "1");
        assertThat(ran.code()).isEqualTo(ExitCode.OUT_OF_BUDGET);
        assertThat(answered()).hasSize(10);
        assertThat(ran.out()).contains("budget: $1.00 of $1.00 spent");

        Files.writeString(file, "{\"version\":1,\"prices\":[{\"provider\":\"openai\"}]}");
        Ran damaged = batch("--budget-usd", "1", "--overwrite");
        assertThat(damaged.code()).isEqualTo(ExitCode.FAILED);
        assertThat(damaged.err())
                .startsWith("sluice: " + file.toRealPath() + " is not a list of prices: prices[0].model is missing")
                .hasLineCount(1);
        assertThat(answered()).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --budget-usd    | 5$                | '5$' is not an amount of dollars; write it as 5, 5.00 or 0.000000075
            --budget-usd    | -1                | '-1' is not an amount of dollars; write it as 5, 5.00 or 0.000000075
            --budget-usd    | 1e3               | '1e3' is not an amount of dollars; write it as 5, 5.00 or 0.000000075
            --budget-usd    | 0.00              | must be more than 0, was '0.00'
            --budget-tokens | many              | 'many' is not a whole number, or too large
            --budget-tokens | 0                 | must be between 1 and 9007199254740992, was '0'
            --budget-tokens | 9007199254740993  | must be between 1 and 9007199254740992, was '9007199254740993'
            """)
    void aBadValueIsOneClearError(String option, String value, String problem) {
        batch(option + "=" + value)
                .failed(
                        ExitCode.USAGE,
                        "Invalid value for option '" + option + "': " + problem + "; see 'sluice batch --help'");
        assertThat(results).doesNotExist();
    }
}
