package io.sluice.approval;

import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Checks arguments against a JSON Schema, off the event loop: reading a schema the first time reads files. */
final class SchemaCheck {

    private SchemaCheck() {}

    static Mono<List<String>> problems(ApprovalRecord record, ApprovalRequest edited) {
        String schema = record.terms().schema();
        if (schema == null) {
            return Mono.just(List.of());
        }
        Mono<List<String>> checked = Mono.fromSupplier(() -> check(schema, edited.arguments()));
        return Mono.defer(
                () -> Schedulers.isInNonBlockingThread() ? checked.subscribeOn(Schedulers.boundedElastic()) : checked);
    }

    private static List<String> check(String schema, String arguments) {
        try {
            return NetworkntSchema.problems(schema, arguments);
        } catch (NoClassDefFoundError absent) {
            return List.of(
                    "they cannot be checked, because com.networknt:json-schema-validator is not on the class path");
        } catch (RuntimeException broken) {
            return List.of("they cannot be checked, because the schema cannot be read ("
                    + broken.getClass().getSimpleName() + ")");
        }
    }
}
