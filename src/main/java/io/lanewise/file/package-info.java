/**
 * Files that are written whole or not at all.
 *
 * <p>Uses nothing. Read by every room that writes a file.
 */
package io.lanewise.file;
