package io.lanewise.serve;

import io.lanewise.serve.http.Limits;
import io.lanewise.serve.model.ServeLimits;
import java.time.Duration;
import java.util.List;

/**
 * How a server is reached, and how much it takes.
 *
 * @param host to listen at
 * @param port to listen at; 0 for any that is free
 * @param limits of HTTP
 * @param models limits of each model
 * @param keys of those who may ask; empty for everybody
 * @param origins of pages that may ask; empty for none
 * @param warmsUp whether models are warmed up before requests are answered
 * @param logsAccess whether a line is written for each request
 * @param patience until requests that run are given up when the server stops
 * @param version of the program
 */
public record ServerSettings(
    String host,
    int port,
    Limits limits,
    ServeLimits models,
    List<String> keys,
    List<String> origins,
    boolean warmsUp,
    boolean logsAccess,
    Duration patience,
    String version) {}
