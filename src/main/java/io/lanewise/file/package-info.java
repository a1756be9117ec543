/**
 * Files that somebody else wrote: only regular ones are opened, none is read beyond what it may
 * have, and what is made of one stays within a share of the Java heap.
 *
 * <p>May use the front door only. Read by {@code json}, {@code checkpoint}, {@code tokenizer} and
 * {@code cli}.
 */
package io.lanewise.file;
