/**
 * Internal: HTTP as the routes see it, whatever they answer.
 *
 * <p>{@link io.lanewise.serve.http.Call} is a request with its limits, {@link
 * io.lanewise.serve.http.Fields} its JSON with checked types, {@link io.lanewise.serve.http.Answer}
 * what goes back, {@link io.lanewise.serve.http.Refusal} why there is no answer. {@code Gate} looks
 * at every request before a route does.
 *
 * <p>Uses {@code json}. {@code serve.route} is made of it.
 */
@NullMarked
package io.lanewise.serve.http;

import org.jspecify.annotations.NullMarked;
