package io.sluice.approval;

/**
 * How many people have to agree.
 *
 * @param needed how many approvals, each by somebody else; at least 1
 * @param of how many people are asked; counts where nobody has a veto: once so many rejected that the approvals cannot be
 *     reached, the request is rejected
 * @param veto whether a single rejection rejects
 */
public record Quorum(int needed, int of, boolean veto) {

    /** One approval, or one rejection. */
    public static final Quorum ANYONE = new Quorum(1, 1, true);

    /**
     * @throws IllegalArgumentException if more are needed than there are, or none
     */
    public Quorum {
        if (needed < 1 || of < needed) {
            throw new IllegalArgumentException(
                    "a quorum needs at least one approval and at most all, was " + needed + " of " + of);
        }
    }

    /** So many of so many, where each has a veto. */
    public static Quorum of(int needed, int of) {
        return new Quorum(needed, of, true);
    }

    /** The same without veto: the majority rules. */
    public Quorum withoutVeto() {
        return new Quorum(needed, of, false);
    }

    /** The stricter of both. */
    Quorum and(Quorum other) {
        return new Quorum(
                Math.max(needed, other.needed),
                Math.max(Math.max(needed, other.needed), Math.max(of, other.of)),
                veto || other.veto);
    }

    boolean rejectedBy(int rejections) {
        return rejections > 0 && (veto || rejections > of - needed);
    }
}
