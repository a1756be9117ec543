/** Vectors that go wrong ways, each of which the rules for native images must find. */
package io.lanewise.image.planted.vectors;
