package io.sluice.channel.mail;

import io.sluice.approval.ApprovalDesk;
import io.sluice.approval.ApprovalNotice;
import io.sluice.approval.Approver;
import io.sluice.approval.PollingChannel;
import io.sluice.approval.Receipt;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Asks approvers by mail, and reads their replies from a mailbox.
 *
 * <pre>{@code
 * MailChannel mail = MailChannel.builder()
 *         .smtp(MailServer.smtp("mail.example.com").login("agent", () -> System.getenv("MAIL_PASSWORD")))
 *         .imap(MailServer.imap("mail.example.com").login("agent", () -> System.getenv("MAIL_PASSWORD")))
 *         .from("agent@example.com")
 *         .senders(SenderCheck.authenticatedBy("mx.example.com"))
 *         .build();
 * }</pre>
 *
 * <p>Each approver gets a mail of their own, with a token of their own. A reply counts if its sender is an approver whom the
 * {@link SenderCheck} finds to be real, it holds their token for the arguments as they stand (in its text, or in the headers by
 * which mail programs keep a thread together), and its own words are a decision by
 * {@link io.sluice.approval.ReplyGrammar}. What is forged, automatic or unclear is entered into the audit log.
 *
 * <p><b>Threads.</b> Servers are talked to on bounded elastic threads; there, each answer is waited for at most ten seconds.
 * Where the server offers IDLE, one thread waits to be told of replies; they are looked for from time to time as well. The
 * channel does not take part in virtual time: mail servers have a clock of their own.
 *
 * <p><b>Errors.</b> {@link MailFailedException}; what is to be sent is tried again by the flow.
 */
public final class MailChannel implements PollingChannel {

    /** The name of a channel that is given none. */
    public static final String DEFAULT_NAME = "mail";

    private final String name;
    private final MailServer smtp;
    private final InternetAddress from;
    private final Duration interval;
    private final SenderCheck check;
    private final Mailbox mailbox;
    private final ArrivalWatch watch;
    private final boolean watched;
    private final Looks looks = new Looks(this::look);
    private volatile @Nullable Replies replies;
    private volatile @Nullable ApprovalDesk desk;
    private volatile @Nullable Disposable watching;

    private MailChannel(Builder builder, MailServer smtp, MailServer imap, InternetAddress from, SenderCheck check) {
        this.name = builder.name;
        this.smtp = smtp;
        this.from = from;
        this.interval = builder.interval;
        this.check = check;
        this.mailbox = new Mailbox(imap, builder.folder, builder.lookBack);
        this.watch = new ArrivalWatch(imap, builder.folder);
        this.watched = builder.watched;
    }

    /** Begins a channel. Both servers, the sender and the check of senders must be given. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public Mono<Void> open(ApprovalDesk desk) {
        return Mono.fromRunnable(() -> {
            this.desk = desk;
            replies = new Replies(this, desk, check);
            if (watched) {
                watching = watchForArrivals();
            }
        });
    }

    /** Lives until the channel is closed. Each wait begins with a look for what arrived before; what ends it is in the next. */
    private Disposable watchForArrivals() {
        return blocking(() -> watch.await(looks::begin))
                .repeat(() -> !watch.closed())
                .takeWhile(offered -> offered)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(interval.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : interval)
                        .filter(failure -> !watch.closed()))
                // Without it the channel looks from time to time.
                .subscribe(offered -> {}, failure -> {});
    }

    @Override
    public Mono<Receipt> send(ApprovalNotice notice) {
        return blocking(() -> {
            deliver(notice);
            return Receipt.of("mail to " + notice.recipients().size() + " of step " + notice.step());
        });
    }

    private void deliver(ApprovalNotice notice) {
        List<Approver> recipients = notice.recipients();
        if (recipients.isEmpty()) {
            throw new MailFailedException(
                    "nobody to send mail to: give the flow approvers with addresses for the channel '" + name + "'",
                    null);
        }
        try (Transport transport = MailSession.transport(smtp)) {
            for (Approver recipient : recipients) {
                InternetAddress to = address(recipient.address(name));
                MimeMessage mail = RequestMail.of(
                        MailSession.session(smtp, "smtp", "0"),
                        from,
                        to,
                        notice,
                        recipient,
                        Date.from(opened(desk).now()));
                transport.sendMessage(mail, new InternetAddress[] {to});
            }
        } catch (MessagingException failure) {
            throw new MailFailedException(
                    "cannot send mail over " + smtp + " (" + failure.getClass().getSimpleName()
                            + "); look at the server, the login and the addresses",
                    failure);
        }
    }

    private InternetAddress address(String text) {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException wrong) {
            throw new MailFailedException(
                    "'" + text + "' is not an address for mail; give the approver one with at(\"" + name + "\", ..)",
                    wrong);
        }
    }

    @Override
    public Mono<Void> poll() {
        return looks.next();
    }

    private Mono<Void> look() {
        Instant now = opened(desk).now();
        return blocking(() -> mailbox.look(now)).flatMap(this::handIn);
    }

    private Mono<Void> handIn(Mailbox.Look look) {
        Replies opened = opened(replies);
        return Flux.fromIterable(look.unreadable())
                .concatMap(why -> opened.refused(null, null, why))
                .then(opened.handIn(look.replies()))
                .then(Mono.fromRunnable(() -> mailbox.done(look)))
                .then(Mono.defer(() -> look.more() ? look() : Mono.empty()));
    }

    private <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the channel '" + name + "' is not open; give it to an ApprovalFlow first");
        }
        return part;
    }

    @Override
    public Mono<Void> close() {
        return blocking(() -> {
                    Disposable waits = watching;
                    watch.close();
                    if (waits != null) {
                        waits.dispose();
                    }
                    return name;
                })
                .then();
    }

    private static <T> Mono<T> blocking(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public String toString() {
        return "MailChannel[" + name + ", over " + smtp + "]";
    }

    /** What a channel is made of. Not for use by several threads. */
    public static final class Builder {

        private String name = DEFAULT_NAME;
        private @Nullable MailServer smtp;
        private @Nullable MailServer imap;
        private @Nullable String from;
        private @Nullable SenderCheck check;
        private String folder = "INBOX";
        private Duration interval = Duration.ofMinutes(1);
        private Duration lookBack = Duration.ofDays(30);
        private boolean watched = true;

        private Builder() {}

        /** Its name in terms, addresses and the audit log; {@value MailChannel#DEFAULT_NAME} unless set. */
        public Builder name(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the name of a channel must not be blank");
            }
            this.name = name;
            return this;
        }

        /** Where mail is sent from. */
        public Builder smtp(MailServer server) {
            this.smtp = server;
            return this;
        }

        /** Where replies arrive. */
        public Builder imap(MailServer server) {
            this.imap = server;
            return this;
        }

        /** The sender of requests, to which replies go. */
        public Builder from(String address) {
            this.from = address;
            return this;
        }

        /** How senders of replies are known to be real. There is no default: an open mailbox must be a decision. */
        public Builder senders(SenderCheck check) {
            this.check = check;
            return this;
        }

        /** The folder of replies; {@code INBOX} unless set. */
        public Builder folder(String folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /**
         * How long between two looks, beside those for which the server calls; a minute unless set.
         *
         * @throws IllegalArgumentException if it is not longer than zero
         */
        public Builder interval(Duration interval) {
            this.interval = positive(interval, "the time between two looks");
            return this;
        }

        /**
         * How far back the first look of a process goes; 30 days unless set. Longer than the longest request waits.
         *
         * @throws IllegalArgumentException if it is not longer than zero
         */
        public Builder lookBack(Duration lookBack) {
            this.lookBack = positive(lookBack, "how far back the first look goes");
            return this;
        }

        /** Only looks from time to time: no connection and no thread that waits to be told. */
        public Builder withoutIdle() {
            this.watched = false;
            return this;
        }

        private static Duration positive(Duration time, String what) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(what + " must be longer than zero, was " + time);
            }
            return time;
        }

        /**
         * The channel, for one {@link io.sluice.approval.ApprovalFlow}.
         *
         * @throws IllegalArgumentException if the sender's address is none
         * @throws IllegalStateException if something is missing; the message says what
         */
        public MailChannel build() {
            return new MailChannel(
                    this,
                    given(smtp, "smtp(..)"),
                    given(imap, "imap(..)"),
                    sender(given(from, "from(..)")),
                    given(check, "senders(..)"));
        }

        private static <T> T given(@Nullable T part, String what) {
            if (part == null) {
                throw new IllegalStateException("a channel for mail needs " + what);
            }
            return part;
        }

        private static InternetAddress sender(String text) {
            try {
                return new InternetAddress(text, true);
            } catch (AddressException wrong) {
                throw new IllegalArgumentException("the sender '" + text + "' is not an address for mail", wrong);
            }
        }
    }
}
