package io.sluice.approval;

import java.util.List;

/** The next version of a record, and what the audit log says about it. */
record Change(ApprovalRecord next, List<AuditNote> notes) {}
