package io.lanewise.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The keys of those who may ask; none for everybody. */
public final class ApiKeys {
  private static final String BEARER = "Bearer ";

  private final List<byte[]> digests;

  /** These keys. */
  public ApiKeys(List<String> keys) {
    digests = keys.stream().map(ApiKeys::digest).toList();
  }

  /**
   * Whether a request has one of them. The time that it takes tells nothing of the keys: digests
   * are compared, all of their bytes and all of the keys.
   */
  boolean admit(Call call) {
    if (digests.isEmpty()) {
      return true;
    }
    var header = call.header("Authorization").orElse("");
    boolean bearer = header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    var given = digest(bearer ? header.substring(BEARER.length()) : "");
    boolean found = false;
    for (var each : digests) {
      found |= MessageDigest.isEqual(each, given);
    }
    return found && bearer;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
