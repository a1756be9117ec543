/** Sets Lanewise up in an application of Spring Boot, from properties. */
@NullMarked
package io.lanewise.springai.autoconfigure;

import org.jspecify.annotations.NullMarked;
