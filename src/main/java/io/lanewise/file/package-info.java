/**
 * Files as they lie on the disk. Those that somebody else wrote: only regular ones are opened, none
 * is read beyond what it may have, and what is made of one stays within a share of the Java heap.
 * Those that are written here: whole or not at all.
 *
 * <p>May use the front door only. Every room that reads or writes a file uses it.
 */
package io.lanewise.file;
