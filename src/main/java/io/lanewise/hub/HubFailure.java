package io.lanewise.hub;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * Errors for failed requests to the Hub, with the reason and the next step.
 *
 * <p>The reason is in {@code X-Error-Code}, by the rules of {@code hf_raise_for_status} in
 * huggingface_hub's utils/_http.py. The status alone is not enough: it is 401 both for a model that
 * does not exist and for a private one.
 */
final class HubFailure {
  private static final int LONGEST = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int PROXY_AUTHENTICATION = 407;
  private static final int TOO_MANY_REQUESTS = 429;

  private HubFailure() {}

  /**
   * The error for a response with an error status.
   *
   * @param what was requested
   * @param signed whether the request had a token
   */
  static CheckpointException of(HttpResponse<?> response, What what, boolean signed) {
    var code = header(response, "X-Error-Code");
    var message = header(response, "X-Error-Message");
    int status = response.statusCode();
    var text =
        switch (code) {
          case "GatedRepo" -> gated(what, signed);
          case "RevisionNotFound" ->
              what.name() + " has no revision " + shown(what.revision()) + ": name another";
          case "EntryNotFound" -> what + " does not exist on " + what.endpoint();
          case "RepoNotFound" -> unknown(what, signed);
          default ->
              switch (status) {
                case UNAUTHORIZED ->
                    message.toLowerCase(Locale.ROOT).contains("credentials")
                        ? what.endpoint()
                            + " does not accept the token: set HF_TOKEN to a valid one"
                        : unknown(what, signed);
                case FORBIDDEN ->
                    what
                        + " may not be read"
                        + (message.isEmpty() ? "" : " (" + message + ")")
                        + (signed
                            ? ": the token lacks the right to"
                            : ": set HF_TOKEN to a token that may");
                case NOT_FOUND -> what + " does not exist on " + what.endpoint();
                case PROXY_AUTHENTICATION ->
                    "the proxy wants a name and a password: https_proxy=http://name:password@host,"
                        + " and -Djdk.http.auth.tunneling.disabledSchemes= for the JVM";
                case TOO_MANY_REQUESTS ->
                    what.endpoint()
                        + " answers no more requests for now (429)"
                        + (signed ? "" : ": with HF_TOKEN set it allows more")
                        + "; try again later, what is fetched stays";
                default ->
                    what
                        + " cannot be fetched: "
                        + what.endpoint()
                        + " answers "
                        + status
                        + (message.isEmpty() ? "" : " (" + message + ")")
                        + (status >= 500 ? "; try again later, what is fetched stays" : "");
              };
        };
    return new CheckpointException(text);
  }

  /** What was requested: a file, or the list of files if it is null. */
  public record What(String endpoint, String name, String revision, String file) {
    @Override
    public String toString() {
      return file == null ? "model " + name : shown(file) + " of " + name;
    }
  }

  private static String gated(What what, boolean signed) {
    return what.name()
        + " is gated: accept its terms at "
        + what.endpoint()
        + "/"
        + what.name()
        + (signed
            ? " with the account that the token of HF_TOKEN belongs to"
            : ", then set HF_TOKEN to a token of that account ("
                + what.endpoint()
                + "/settings/tokens)");
  }

  private static String unknown(What what, boolean signed) {
    return "there is no model "
        + what.name()
        + " on "
        + what.endpoint()
        + (signed
            ? ", or the token may not see it: check the name"
            : ", or it is private: check the name, or set HF_TOKEN");
  }

  /** The error for a failed connection. */
  static CheckpointException of(IOException e, URI uri, What what) {
    var why = e.getMessage() == null ? e.getClass().getSimpleName() : shown(e.getMessage());
    return new CheckpointException(
        what
            + " cannot be fetched from "
            + uri.getHost()
            + " ("
            + (isUnresolved(e) ? "no such host" : why)
            + "): "
            + (e instanceof SSLException
                ? "if a proxy signs with a certificate of its own, name it with"
                    + " -Djavax.net.ssl.trustStore"
                : "check the connection, https_proxy and HF_ENDPOINT; what is fetched stays"),
        e);
  }

  /** Whether a server name has no address; another attempt is useless then. */
  static boolean isUnresolved(Throwable e) {
    for (var cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException
          || cause instanceof java.net.UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static String header(HttpResponse<?> response, String name) {
    return shown(response.headers().firstValue(name).orElse(""));
  }

  /** A text from a server or a file, on one line and shortened. */
  static String shown(String text) {
    var line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "\u2026";
  }
}
