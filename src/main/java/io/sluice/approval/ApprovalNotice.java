package io.sluice.approval;

import java.time.Instant;
import java.util.List;

/** What a channel is to tell people: about one request, as it stands. */
public final class ApprovalNotice {

    private final ApprovalRecord record;
    private final String channel;
    private final List<Approver> recipients;
    private final int step;

    ApprovalNotice(ApprovalRecord record, String channel, List<Approver> recipients, int step) {
        this.record = record;
        this.channel = channel;
        this.recipients = List.copyOf(recipients);
        this.step = step;
    }

    /** The id of the request. */
    public String id() {
        return record.id();
    }

    /** What was asked for, with the arguments as they stand. */
    public ApprovalRequest request() {
        return record.request().arguments(record.arguments());
    }

    /** Which arguments are shown; a ballot that says so counts for these and no others. */
    public String argumentsHash() {
        return record.argumentsHash();
    }

    /** All that is known. */
    public ApprovalRecord record() {
        return record;
    }

    /** When the time to decide is over. */
    public Instant deadline() {
        return record.deadline();
    }

    /** What happens then. */
    public OnTimeout onTimeout() {
        return record.terms().onTimeout();
    }

    /** Whom to tell; empty where the flow knows no approvers by name. */
    public List<Approver> recipients() {
        return recipients;
    }

    /** 0 where it is told for the first time, more where others are asked as well, or others than asked have to agree. */
    public int step() {
        return step;
    }

    /**
     * A token of 32 hex digits that only this recipient gets, over this channel, for these arguments. It can be made again at
     * any time from the record: {@link #of(ApprovalRecord, ApprovalChannel, Approver)}.
     */
    public String token(Approver recipient) {
        return of(record, channel, recipient);
    }

    /** The token of a recipient for a record as it stands; compare in constant time. */
    public static String of(ApprovalRecord record, ApprovalChannel channel, Approver recipient) {
        return of(record, channel.name(), recipient);
    }

    private static String of(ApprovalRecord record, String channel, Approver recipient) {
        return record.secret().token(channel, recipient.id(), record.argumentsHash());
    }

    /** The time to decide as a person says it, such as {@code 24 hours}, {@code 30 minutes}, {@code 90 seconds}. */
    public String timeout() {
        return SpokenTime.of(record.terms().timeout());
    }

    @Override
    public String toString() {
        return "ApprovalNotice[" + record + ", " + channel + ", to " + recipients.size() + "]";
    }
}
