/**
 * Foreign texts in messages and on terminals: visible, on one line, not too long.
 *
 * <p>Uses no other package. Used by all packages that write messages.
 */
package io.lanewise.text;
