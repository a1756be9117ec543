package io.lanewise.serve.http;

import java.time.Duration;

/**
 * What a request may be.
 *
 * @param bodyBytes of one body
 * @param bodiesBytes of all bodies that are read or answered at a time
 * @param requests that are read or answered at a time
 * @param bodyTime until a body has come
 */
public record Limits(int bodyBytes, long bodiesBytes, int requests, Duration bodyTime) {}
