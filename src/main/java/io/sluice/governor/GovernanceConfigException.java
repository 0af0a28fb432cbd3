package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** A configuration cannot be meant as it is written. */
public final class GovernanceConfigException extends SluiceException {

    private final String key;

    GovernanceConfigException(String key, String problem) {
        super(key + ": " + problem, null, FailureClass.PROGRAMMING, null, true);
        this.key = key;
    }

    /** Which key, such as {@code governance_hardening.debouncer.default_cooldown}. */
    public String key() {
        return key;
    }
}
