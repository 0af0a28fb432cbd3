package io.sluice.failure;

import io.sluice.FailureClass;

/** What the status of an answer means by itself. */
final class StatusTable {

    static final int TOO_MANY_REQUESTS = 429;

    private StatusTable() {}

    /** Whether the number is the status of an error in HTTP. */
    static boolean isError(int status) {
        return status >= 400 && status < 600;
    }

    /** Whether it is a status that servers use; in words, other numbers are taken for numbers. */
    static boolean isInUse(int status) {
        return switch (status) {
            case 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 422, 424, 429, 451, 498, 499 -> true;
            case 500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 529 -> true;
            default -> false;
        };
    }

    /** Whether it says that the request is at fault, which no words can change. */
    static boolean isCallers(int status) {
        return status >= 400 && status < 500 && of(status) == FailureClass.CALLER;
    }

    /** The class; {@link FailureClass#UNKNOWN} for what is no error, and for the rarer errors of servers. */
    static FailureClass of(int status) {
        return switch (status) {
            case 429 -> FailureClass.RATE_LIMIT;
            case 402 -> FailureClass.QUOTA;
            case 413 -> FailureClass.TOO_LARGE;
            // 529 is Anthropic's "overloaded", 498 Groq's "flex tier capacity exceeded".
            case 498, 503, 529 -> FailureClass.OVERLOADED;
            case 408, 409, 500, 502, 504 -> FailureClass.TRANSIENT;
            default -> status >= 400 && status < 500 ? FailureClass.CALLER : FailureClass.UNKNOWN;
        };
    }

    /** The HTTP status that belongs to a name of google.rpc.Code, in capitals; 0 where it is none. */
    static int ofRpc(String name) {
        return switch (name) {
            case "RESOURCE_EXHAUSTED" -> TOO_MANY_REQUESTS;
            case "UNAVAILABLE" -> 503;
            case "INTERNAL", "UNKNOWN", "DATA_LOSS" -> 500;
            case "DEADLINE_EXCEEDED" -> 504;
            case "ABORTED" -> 409;
            case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE" -> 400;
            case "UNAUTHENTICATED" -> 401;
            case "PERMISSION_DENIED" -> 403;
            case "NOT_FOUND" -> 404;
            case "CANCELLED" -> 499;
            case "UNIMPLEMENTED" -> 501;
            default -> 0;
        };
    }
}
