package io.lanewise.serve.model;

import java.time.Duration;

/**
 * How much a model takes at a time.
 *
 * @param batchTokens of a pass
 * @param queueTokens that may wait
 * @param clientBatch inputs of one request
 * @param requests that are answered at a time
 * @param time in which a request has to be answered
 * @param cutsUnasked whether texts that are too long are cut where a request does not say
 */
public record ServeLimits(
    int batchTokens,
    long queueTokens,
    int clientBatch,
    int requests,
    Duration time,
    boolean cutsUnasked) {}
