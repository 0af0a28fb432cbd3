package io.sluice.breaker;

/** The results of the latest calls. Immutable: each result makes a new one. Plain arithmetic, without clock or thread. */
abstract class CallWindow {

    /** Counts nothing, for a breaker that looks at consecutive failures only. */
    static final CallWindow NONE = new CallWindow() {
        @Override
        CallWindow with(boolean failed, boolean slow, long now) {
            return this;
        }

        @Override
        CallWindow at(long now) {
            return this;
        }

        @Override
        int calls() {
            return 0;
        }

        @Override
        int failed() {
            return 0;
        }

        @Override
        int slow() {
            return 0;
        }
    };

    /** The window with one more result. */
    abstract CallWindow with(boolean failed, boolean slow, long now);

    /** The window as it stands at a time: without what is too old by then. */
    abstract CallWindow at(long now);

    abstract int calls();

    abstract int failed();

    abstract int slow();

    /** The share of the calls that failed; 0 where there were none. */
    final double failureRate() {
        return calls() == 0 ? 0 : (double) failed() / calls();
    }

    /** The share of the calls that were slow; 0 where there were none. */
    final double slowRate() {
        return calls() == 0 ? 0 : (double) slow() / calls();
    }
}
