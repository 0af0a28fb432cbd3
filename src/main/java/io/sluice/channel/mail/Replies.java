package io.sluice.channel.mail;

import io.sluice.approval.ApprovalChannel;
import io.sluice.approval.ApprovalDesk;
import io.sluice.approval.ApprovalException;
import io.sluice.approval.ApprovalNotice;
import io.sluice.approval.ApprovalRecord;
import io.sluice.approval.Approver;
import io.sluice.approval.Ballot;
import io.sluice.approval.Refusal;
import io.sluice.approval.ReplyGrammar;
import io.sluice.approval.ReplyReading;
import io.sluice.approval.ReplyText;
import io.sluice.approval.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Decides for each reply whose it is, about which request, and whether it says anything. */
final class Replies {

    /** Ids and tokens: 32 hex digits, not a part of a longer word. */
    private static final Pattern REFERENCE = Pattern.compile("(?<![0-9A-Za-z_])[0-9a-fA-F]{32}(?![0-9A-Za-z_])");

    /** Who writes more of them into one mail is not answering a request. */
    private static final int MOST_REFERENCES = 50;

    private final ApprovalChannel channel;
    private final ApprovalDesk desk;
    private final SenderCheck check;

    Replies(ApprovalChannel channel, ApprovalDesk desk, SenderCheck check) {
        this.channel = channel;
        this.desk = desk;
        this.check = check;
    }

    private record Cast(String id, Ballot ballot) {}

    /**
     * Hands in what arrived together: rejections first, so that "stop" counts although "go" was sent before it; then the oldest
     * first. Fails only where the desk could not take something that it may take later.
     */
    Mono<Void> handIn(List<ReplyMail> mails) {
        return Flux.fromIterable(mails)
                .concatMap(this::read)
                .collectList()
                .flatMapMany(casts -> Flux.fromStream(casts.stream().sorted(order())))
                .concatMap(cast -> desk.decide(cast.id, cast.ballot)
                        // It is refused for good, and the desk has said so in the audit log.
                        .onErrorComplete(ApprovalException.class))
                .then();
    }

    private static Comparator<Cast> order() {
        Comparator<Cast> rejectionsFirst = Comparator.comparing(cast -> cast.ballot.verdict() != Verdict.REJECT);
        return rejectionsFirst.thenComparing(
                cast -> cast.ballot.receivedAt(), Comparator.nullsLast(Comparator.<Instant>naturalOrder()));
    }

    private Mono<Cast> read(ReplyMail mail) {
        if (mail.ours()) {
            return Mono.empty();
        }
        Set<String> references = references(mail);
        if (references.size() > MOST_REFERENCES) {
            return refused(null, mail, "it names more ids than a reply does");
        }
        return Flux.fromIterable(references)
                .concatMap(desk::find)
                .distinct(ApprovalRecord::id)
                .collectList()
                .flatMap(records -> {
                    if (records.isEmpty()) {
                        // Mail of other matters, unless it answers one of ours.
                        return mail.thread().contains("<sluice.")
                                ? refused(null, mail, "its request is not known")
                                : Mono.empty();
                    }
                    ApprovalRecord record = records.size() == 1 ? records.get(0) : answered(mail, records);
                    return record == null
                            ? refused(null, mail, "it names several requests")
                            : read(mail, record, references);
                });
    }

    /** Of several requests the one whose mail is answered; null if that cannot be said. */
    private static @Nullable ApprovalRecord answered(ReplyMail mail, List<ApprovalRecord> records) {
        List<ApprovalRecord> inThread = records.stream()
                .filter(record -> ReplyGrammar.mentions(mail.thread(), record.id()))
                .toList();
        return inThread.size() == 1 ? inThread.get(0) : null;
    }

    private Mono<Cast> read(ReplyMail mail, ApprovalRecord record, Set<String> references) {
        if (mail.machine()) {
            return refused(record, mail, "a program wrote it");
        }
        if (mail.from().size() != 1) {
            return refused(record, mail, "it has " + mail.from().size() + " senders instead of one");
        }
        String sender = mail.from().get(0);
        Approver approver = desk.approvers().stream()
                .filter(one -> one.address(channel.name()).equalsIgnoreCase(sender))
                .findFirst()
                .orElse(null);
        if (approver == null) {
            return refused(record, mail, "its sender is not an approver");
        }
        if (!check.passes(mail.authentication(), sender.substring(sender.lastIndexOf('@') + 1))) {
            return refused(record, mail, "its sender is not authenticated by the mailbox's server");
        }
        String token = ApprovalNotice.of(record, channel, approver);
        if (references.stream().noneMatch(one -> equal(one, token))) {
            return refused(record, mail, "it lacks the token that its sender was sent for what is asked now");
        }
        ReplyReading reading = ReplyGrammar.read(new ReplyText(
                mail.subject(), mail.body(), mail.html(), RequestText.subject(record), List.of(record.id(), token)));
        if (reading instanceof ReplyReading.DecidesNothing nothing) {
            return refused(record, mail, nothing.why());
        }
        Ballot ballot = reading instanceof ReplyReading.Rejects rejects
                ? Ballot.reject(approver.id(), rejects.comment().isBlank() ? null : rejects.comment())
                : Ballot.approve(approver.id());
        Instant received = mail.receivedAt() == null ? desk.now() : mail.receivedAt();
        return Mono.just(new Cast(
                record.id(),
                ballot.via(channel.name()).about(record.argumentsHash()).receivedAt(received)));
    }

    private static Set<String> references(ReplyMail mail) {
        Set<String> found = new LinkedHashSet<>();
        for (String text : List.of(mail.thread(), mail.subject(), mail.body())) {
            Matcher matcher = REFERENCE.matcher(text);
            while (matcher.find() && found.size() <= MOST_REFERENCES) {
                found.add(matcher.group().toLowerCase(Locale.ROOT));
            }
        }
        return found;
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private <T> Mono<T> refused(@Nullable ApprovalRecord record, ReplyMail mail, String why) {
        String sender = mail.from().isEmpty() ? null : mail.from().get(0);
        return refused(record == null ? null : record.id(), sender, why).then(Mono.empty());
    }

    /** Tells the audit log of a mail that decides nothing. */
    Mono<Void> refused(@Nullable String id, @Nullable String sender, String why) {
        return desk.refuse(new Refusal(id, sender, channel.name(), why));
    }
}
