/**
 * JSON read strictly: no duplicate keys, nothing after the document, bounded depth and lengths,
 * errors that name the file.
 *
 * <p>May use the front door only. Read by {@code checkpoint}, {@code tokenizer}, {@code model} and
 * {@code cli}.
 */
package io.lanewise.json;
