/**
 * What a GraalVM native image needs and cannot do, checked without building one: the metadata by
 * GraalVM's own parser, the byte code by rules.
 */
package io.lanewise.image;
