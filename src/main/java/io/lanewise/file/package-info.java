/**
 * Safe reading and writing of files. Reading: only regular files, up to a limit, and the objects
 * made from a file may use only a part of the Java heap. Writing: completely or not at all.
 *
 * <p>Uses only the exceptions of {@code io.lanewise}. Used by all packages that read or write
 * files.
 */
package io.lanewise.file;
