/**
 * Internal: the page of the server, where a person tries its models.
 *
 * <p>{@link io.lanewise.serve.page.PageFiles} has the files of the page by their names. They are
 * resources of this package, and those of {@code task.attention} that draw attention maps.
 *
 * <p>Uses nothing. {@code serve} answers with its files.
 */
@NullMarked
package io.lanewise.serve.page;

import org.jspecify.annotations.NullMarked;
