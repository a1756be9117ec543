/**
 * Strict JSON: no duplicate keys, nothing after the document, bounded depth and lengths, errors
 * that name the file.
 *
 * <p>Uses only the exceptions of {@code io.lanewise} and {@code file}. Used by {@code checkpoint},
 * {@code tokenizer}, {@code model} and {@code cli}.
 */
package io.lanewise.json;
