package io.sluice.llm.claudecode;

import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmResponse;

/** Who waits for one call. Told by one thread, which may be held up. */
interface ClaudeCodeAnswer {

    /**
     * The program has said something. Returns when there is room for more, or nobody wants it.
     *
     * @throws InterruptedException if the thread is to end
     */
    void says(LlmChunk piece) throws InterruptedException;

    /** It has said all. */
    void whole(LlmResponse response) throws InterruptedException;

    void failed(Throwable failure);

    /** Nothing more is told but a failure; who is held up goes on. */
    void stop();
}
