/**
 * Internal: finds and loads native libraries.
 *
 * <p>{@link io.lanewise.kernel.natives.NativeSearch} tries the place that the user names, the jars
 * on the class path, then the system's folders. {@code NativeCache} is the folder of files
 * extracted from a jar.
 *
 * <p>Uses no other package of the kernels.
 */
@NullMarked
package io.lanewise.kernel.natives;

import org.jspecify.annotations.NullMarked;
