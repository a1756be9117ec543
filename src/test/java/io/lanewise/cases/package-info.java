/**
 * The tokenizer cases: what Hugging Face's tokenizers and SentencePiece made of many texts,
 * compared in full.
 *
 * <p>{@link io.lanewise.cases.CaseRunner} runs a file of cases through the public API. It stands
 * behind {@code TokenizerCasesTest} and behind {@code tools/tokenizer-cases}, which starts {@link
 * io.lanewise.cases.TokenizerCases} from its source against the built jar.
 */
package io.lanewise.cases;
