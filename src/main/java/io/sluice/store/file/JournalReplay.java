package io.sluice.store.file;

/**
 * How the reading of a journal went.
 *
 * @param records how many records it holds
 * @param bytes its size, without what was torn; 0 where there is no journal
 * @param tornBytes the size of a last record that was not written whole, because its writer ended in the middle of it (or,
 *     where it is read while somebody writes, is in the middle of it); nobody was told that it is kept, so it is dropped.
 *     0 where there is none
 */
record JournalReplay(long records, long bytes, long tornBytes) {

    /** There is no journal. */
    static final JournalReplay NOTHING = new JournalReplay(0, 0, 0);

    /** Whether the end of the file was dropped. */
    boolean isTorn() {
        return tornBytes > 0;
    }
}
