/**
 * The golden cases: numbers that the reference implementation computed, compared in full.
 *
 * <p>{@link io.lanewise.golden.GoldenRunner} runs a case through the public API. It stands behind
 * {@code GoldenTest} and behind {@code tools/goldens}, which starts {@link
 * io.lanewise.golden.Goldens} from its source against the built jar.
 */
package io.lanewise.golden;
