/**
 * Hugging Face encoder models on the executors of Spark: {@link org.apache.spark.ml.Transformer}s
 * for pipelines, and functions for SQL.
 *
 * <p>An executor loads a model once, whatever the number of its tasks, and maps its weights. All
 * arithmetic is done by the vector kernels, so that an answer has the same bits whatever the
 * partitions, the neighbours of its row, the number of threads and of executors.
 */
package io.lanewise.spark;
