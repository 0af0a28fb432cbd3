package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.approval.ReplyCorpus.Reply;
import io.sluice.approval.ReplyCorpus.Says;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever clients, gateways and hurried people do to a text that approves nothing, it approves nothing. The mutations leave its
 * meaning alone or take some of it away; none of them makes an approval of it.
 */
class ReplyMutationTest {

    private static final int COUNT = Boolean.getBoolean("sluice.long") ? 1_000_000 : 100_000;

    private static final List<String> FILLERS =
            List.of("I", "we", "cannot", "please", "the", "Bob", "not", "hm", "Hello Ada,", "FYI", "well");
    private static final List<String> TAILS =
            List.of("\n\nThanks\nAda", "\n\n-- \nAda", "\n\nSent from my iPhone", "\n", " ");
    private static final List<String> MARKS =
            List.of(".", "!", "*", "\"", "(", ")", "_", " ", "\u00a0", "\t", "“", "»");

    private static final List<BiFunction<String, Random, String>> MUTATIONS = List.of(
            (text, random) -> recased(text, random),
            (text, random) -> text.replace("\n", "\r\n"),
            (text, random) -> "\n".repeat(random.nextInt(4)) + text,
            (text, random) -> pick(FILLERS, random) + " " + text,
            (text, random) -> text + pick(TAILS, random),
            (text, random) -> " ".repeat(random.nextInt(5)) + text + " ".repeat(random.nextInt(5)),
            (text, random) -> inserted(text, pick(MARKS, random), random),
            (text, random) -> wrapped(text, 40 + random.nextInt(40)),
            (text, random) -> "> " + text.replace("\n", "\n> "),
            (text, random) -> text.replace(" ", "  "),
            (text, random) -> text.replace(' ', '\u00a0'),
            (text, random) ->
                    text + "\n\nOn Tue, 3 Mar 2026 at 10:00, Sluice <a@example.com> wrote:\n\n" + ReplyCorpus.quoted(),
            (text, random) -> text + "\n\n" + ReplyCorpus.ASKED,
            (text, random) -> "On Tue, 3 Mar 2026 at 10:00, Sluice <a@example.com> wrote:\n" + ReplyCorpus.quoted()
                    + "\n\n" + text,
            (text, random) -> text + "\n" + ReplyCorpus.TOKEN,
            (text, random) -> ReplyCorpus.TOKEN + "\n" + text,
            (text, random) -> duplicated(text, random));

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static String recased(String text, Random random) {
        StringBuilder changed = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            changed.append(random.nextBoolean() ? Character.toUpperCase(character) : Character.toLowerCase(character));
        }
        return changed.toString();
    }

    /** A mark at the border of a word: within one it would make two of it, which is another text. */
    private static String inserted(String text, String mark, Random random) {
        int at = text.isEmpty() ? 0 : random.nextInt(text.length() + 1);
        while (at > 0 && at < text.length() && text.charAt(at - 1) != ' ' && text.charAt(at) != ' ') {
            at--;
        }
        return text.substring(0, at) + mark + text.substring(at);
    }

    private static String wrapped(String text, int width) {
        StringBuilder lines = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            String rest = line;
            while (rest.length() > width && rest.lastIndexOf(' ', width) > 0) {
                int at = rest.lastIndexOf(' ', width);
                lines.append(rest, 0, at).append('\n');
                rest = rest.substring(at + 1);
            }
            lines.append(rest).append('\n');
        }
        return lines.toString();
    }

    private static String duplicated(String text, Random random) {
        String[] lines = text.split("\n", -1);
        int twice = random.nextInt(lines.length);
        StringBuilder changed = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            changed.append(lines[i]).append('\n');
            if (i == twice) {
                changed.append(lines[i]).append('\n');
            }
        }
        return changed.toString();
    }

    @Test
    void noMutationOfWhatApprovesNothingApproves() {
        List<Reply> bases = ReplyCorpus.ALL.stream()
                .filter(reply -> reply.says() != Says.APPROVE)
                .filter(reply -> !reply.html())
                // Its subject is the decision; what is done to the body can leave that alone.
                .filter(reply -> reply.subject().equals("Re: " + ReplyCorpus.SENT))
                .toList();
        ConcurrentLinkedQueue<String> approved = new ConcurrentLinkedQueue<>();
        IntStream.range(0, COUNT).parallel().forEach(seed -> {
            Random random = new Random(seed);
            Reply base = bases.get(random.nextInt(bases.size()));
            String body = base.body();
            for (int steps = 1 + random.nextInt(4); steps > 0; steps--) {
                body = MUTATIONS.get(random.nextInt(MUTATIONS.size())).apply(body, random);
            }
            boolean asHtml = random.nextInt(8) == 0;
            String sent = asHtml ? html(body) : body;
            Reply mutated = new Reply(base.name(), base.says(), base.subject(), sent, asHtml);
            if (ReplyGrammarTest.read(mutated.text()) == Says.APPROVE) {
                approved.add(base.name() + "\n=====\n" + sent);
            }
        });
        assertThat(approved).isEmpty();
    }

    private static String html(String text) {
        return "<div>"
                + text.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\n", "<br>") + "</div>";
    }
}
