package io.sluice.matrix;

/** A column of the matrix. */
enum Situation {
    VIRTUAL_TIME,
    CANCEL_WHILE_WAITING,
    CANCEL_WHILE_RUNNING,
    TIMEOUT_DOWNSTREAM,
    ZIP_WITH_A_FAILING_LEG,
    CONTEXT_VISIBLE_UPSTREAM,
    THREAD_LOCALS_OF_ITS_OWN,
    HOOK_OPERATOR_DEBUG,
    HOOK_ON_EACH_OPERATOR,
    NO_BLOCKING_CALLS;

    String title() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
