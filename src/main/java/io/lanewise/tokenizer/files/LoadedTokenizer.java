package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.pipeline.Template;

/**
 * What the files of a folder say that its tokenizer is.
 *
 * @param pipeline text to tokens
 * @param template the special tokens around them
 * @param facts everything else
 */
public record LoadedTokenizer(Pipeline pipeline, Template template, FolderFacts facts) {}
