package io.sluice.ratelimit;

import io.sluice.call.Priority;
import io.sluice.call.Sluice;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * For whom a call waits and which others it goes before. Calls about which nothing was said have none, so that they cost
 * nothing.
 *
 * @param tenant for whom; null where nobody said
 * @param priority before whom of the same tenant
 */
record Standing(@Nullable String tenant, Priority priority) {

    static @Nullable Standing of(@Nullable String tenant, @Nullable Priority priority) {
        Priority known = priority == null ? Priority.NORMAL : priority;
        return tenant == null && known == Priority.NORMAL ? null : new Standing(tenant, known);
    }

    /** What the request says, and where it does not, the context. */
    static @Nullable Standing of(PermitRequest request, ContextView context) {
        if (context.isEmpty()) {
            return request.standing();
        }
        String tenant = request.tenant() == null ? Sluice.tenant(context) : null;
        Priority priority = request.priority() == null ? Sluice.priority(context) : null;
        if (tenant == null && priority == null) {
            return request.standing();
        }
        return of(
                request.tenant() == null ? tenant : request.tenant(),
                request.priority() == null ? priority : request.priority());
    }

    static @Nullable String tenantOf(@Nullable Standing standing) {
        return standing == null ? null : standing.tenant;
    }

    static Priority priorityOf(@Nullable Standing standing) {
        return standing == null ? Priority.NORMAL : standing.priority;
    }
}
