package io.sluice.simulator;

/** What a body was read as: a call, or what is wrong with it. */
sealed interface ReadCall permits ChatCall, ApiError {}
