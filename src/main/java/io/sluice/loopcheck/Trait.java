package io.sluice.loopcheck;

/** What a step does besides changing variables. */
enum Trait {
    /** Tells somebody something. */
    SAYS,
    /** Lets time pass. */
    SLEEPS,
    /** May end in an error, which a handler around it catches. */
    MAY_FAIL,
    /** Hands over to whoever runs the generator, which may not come back. */
    YIELDS
}
