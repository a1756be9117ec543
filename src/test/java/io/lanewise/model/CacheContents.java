package io.lanewise.model;

import io.lanewise.nn.attention.KeyValueCache;

/** For tests that look at what a cache holds. */
public final class CacheContents {
  private CacheContents() {}

  public static KeyValueCache of(DecoderCache cache) {
    return cache.internal();
  }
}
