/**
 * Internal: loads a tokenizer from the files of a folder.
 *
 * <p>{@link io.lanewise.tokenizer.files.TokenizerFolder} reads {@code tokenizer.json}, or the
 * vocabulary files of a slow tokenizer, by the rules that {@code TokenizerClasses} has for the
 * folder's class. {@code …Json} read one section of a tokenizer.json each.
 *
 * <p>Uses {@code json} and the rooms of the components.
 */
@NullMarked
package io.lanewise.tokenizer.files;

import org.jspecify.annotations.NullMarked;
