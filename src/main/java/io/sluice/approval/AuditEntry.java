package io.sluice.approval;

import io.sluice.support.CanonicalJson;
import io.sluice.support.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One entry of the audit log. Each holds the hash of the one before, so none can be changed, taken out or put in without
 * breaking the chain.
 *
 * @param sequence counted from 1 without gaps
 * @param previous the hash of the entry before; 64 zeros for the first
 * @param note what happened
 * @param hash the SHA-256 over sequence, previous hash and note in canonical JSON
 */
public record AuditEntry(long sequence, String previous, AuditNote note, String hash) {

    /** What the first entry has for the hash of the one before. */
    public static final String GENESIS = "0".repeat(64);

    /** The entry of a note after another entry. */
    static AuditEntry of(long sequence, String previous, AuditNote note) {
        return new AuditEntry(sequence, previous, note, hash(sequence, previous, note));
    }

    /** Whether the hash is that of the rest. */
    public boolean intact() {
        return hash.equals(hash(sequence, previous, note));
    }

    private static String hash(long sequence, String previous, AuditNote note) {
        Map<String, Object> hashed = new LinkedHashMap<>();
        hashed.put("sequence", sequence);
        hashed.put("previous", previous);
        hashed.put("note", note);
        return CanonicalJson.sha256(CanonicalJson.of(hashed));
    }

    /** One JSON object on one line. */
    public String toJson() {
        return Json.mapper().writeValueAsString(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws tools.jackson.core.JacksonException if it is something else
     */
    public static AuditEntry fromJson(String json) {
        return Json.mapper().readValue(json, AuditEntry.class);
    }
}
