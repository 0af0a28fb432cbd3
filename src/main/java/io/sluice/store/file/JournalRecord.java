package io.sluice.store.file;

import tools.jackson.databind.node.ObjectNode;

/**
 * One record of a journal, as it is read back.
 *
 * @param sequence its place since the last compaction; the first is 1
 * @param content what was appended; the reader may keep and change it
 */
record JournalRecord(long sequence, ObjectNode content) {

    /** The line of the file that it stands in, for {@link DamagedFileException#inLine}; the first is 1, the header. */
    long line() {
        return sequence + 1;
    }
}
