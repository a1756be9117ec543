/**
 * Texts of others as messages and terminals show them: visible, on one line, not too long.
 *
 * <p>Uses nothing. Read by every room that words a message.
 */
package io.lanewise.text;
