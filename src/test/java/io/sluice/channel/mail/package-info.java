/** The channel for mail, against a real server. */
@org.jspecify.annotations.NullMarked
package io.sluice.channel.mail;
