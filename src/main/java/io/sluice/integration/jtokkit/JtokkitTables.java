package io.sluice.integration.jtokkit;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.function.ToIntFunction;

/** The only class that names the library's own, so that it alone fails where the library is missing. */
final class JtokkitTables {

    private JtokkitTables() {}

    static ToIntFunction<String> counter(boolean o200k) {
        Encoding encoding = Encodings.newLazyEncodingRegistry()
                .getEncoding(o200k ? EncodingType.O200K_BASE : EncodingType.CL100K_BASE);
        // Texts are data: what looks like a special token in them is none.
        ToIntFunction<String> counter = encoding::countTokensOrdinary;
        // Whatever is loaded at the first use is loaded now.
        int unused = counter.applyAsInt("a text, 1 \u00e9 \u6f22\n");
        return counter;
    }
}
