/**
 * Internal: where native libraries lie, and how they are loaded.
 *
 * <p>{@link io.lanewise.kernel.natives.NativeSearch} looks at the place that the user names, at the
 * jars on the class path, then at the system. {@code NativeCache} keeps what was extracted from a
 * jar.
 *
 * <p>Uses nothing of the rooms around it.
 */
@NullMarked
package io.lanewise.kernel.natives;

import org.jspecify.annotations.NullMarked;
