/**
 * Lanewise behind the interfaces of LangChain4j: {@link
 * io.lanewise.langchain4j.LanewiseEmbeddingModel} embeds, {@link
 * io.lanewise.langchain4j.LanewiseScoringModel} reranks, {@link
 * io.lanewise.langchain4j.LanewiseTokenCountEstimator} counts tokens, and {@link
 * io.lanewise.langchain4j.LanewiseTextClassifier} gives texts labels, by which {@link
 * io.lanewise.langchain4j.LanewiseInputGuardrail} and {@link
 * io.lanewise.langchain4j.LanewiseOutputGuardrail} refuse some.
 *
 * <p>All of them run inside the JVM, on a model folder or on a model of the Hub's cache; nothing
 * here asks the network.
 */
@NullMarked
package io.lanewise.langchain4j;

import org.jspecify.annotations.NullMarked;
