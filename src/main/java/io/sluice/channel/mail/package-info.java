/**
 * Approvals by mail: a request goes out over SMTP to each approver, and replies are read from a mailbox over IMAP. A reply
 * decides only if its sender is listed and authenticated, holds the token that only they were sent, and says nothing but a
 * decision; everything else is entered into the audit log and decides nothing. Needs {@code org.eclipse.angus:angus-mail}.
 */
@NullMarked
package io.sluice.channel.mail;

import org.jspecify.annotations.NullMarked;
