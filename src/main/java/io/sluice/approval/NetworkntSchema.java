package io.sluice.approval;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.List;

/** The one class that needs the validator's jar; nothing loads it before a schema is to be checked. May read files. */
final class NetworkntSchema {

    private static final int SHOWN = 10;

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private NetworkntSchema() {}

    /** Each problem names a place and the keyword of the schema, and no value. */
    static List<String> problems(String schema, String arguments) {
        List<String> problems = new ArrayList<>();
        for (Error error : REGISTRY.getSchema(Json.read(schema)).validate(Json.read(arguments))) {
            if (problems.size() == SHOWN) {
                problems.add("and more");
                break;
            }
            String place = error.getInstanceLocation().toString();
            String property = error.getProperty() == null ? "" : " (" + OneLine.of(error.getProperty(), 80) + ")";
            problems.add((place.isEmpty() ? "they do" : OneLine.of(place, 80) + " does") + " not satisfy \""
                    + error.getKeyword() + "\" of the schema" + property);
        }
        return problems;
    }
}
