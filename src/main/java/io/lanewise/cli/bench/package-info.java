/**
 * Internal: what {@code bench} measures.
 *
 * <p>Shapes with random weights, mixed lengths, generation, and how far two runs agree.
 *
 * <p>Uses {@code model} and {@code generate}.
 */
package io.lanewise.cli.bench;
