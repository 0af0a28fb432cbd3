package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.support.Json;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/** The simplest state that a journal can keep: how far somebody has counted. Notices what is missing or comes twice. */
final class Counting {

    static final String KIND = "counting";

    private long reached;

    static ObjectNode next(long number) {
        return Json.mapper().createObjectNode().put("next", number);
    }

    static ObjectNode snapshot(long reached) {
        return Json.mapper().createObjectNode().put("reached", reached);
    }

    void apply(JournalRecord record) {
        ObjectNode content = record.content();
        if (content.has("reached")) {
            assertThat(record.sequence()).as("a snapshot stands in front").isEqualTo(1);
            reached = content.get("reached").longValue();
        } else {
            assertThat(content.get("next").longValue()).isEqualTo(reached + 1);
            reached++;
        }
    }

    long reached() {
        return reached;
    }

    /** What a file says, without owning it. */
    static long in(Path file) {
        Counting counting = new Counting();
        Journal.read(file, KIND, counting::apply);
        return counting.reached;
    }
}
