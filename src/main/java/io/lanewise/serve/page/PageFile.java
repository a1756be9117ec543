package io.lanewise.serve.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of the page, as HTTP carries it.
 *
 * @param content its bytes; nobody changes them
 * @param type the value of {@code Content-Type}
 * @param tag the value of {@code ETag}: the same content has the same one
 */
public record PageFile(byte[] content, String type, String tag) {
  static PageFile of(String name, byte[] content) {
    return new PageFile(content, type(name.substring(name.lastIndexOf('.') + 1)), tag(content));
  }

  static PageFile html(String text) {
    return of("index.html", text.getBytes(StandardCharsets.UTF_8));
  }

  private static String type(String ending) {
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "json" -> "application/json";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("no type is known for ." + ending);
    };
  }

  private static String tag(byte[] content) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
