package io.lanewise.hub;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings for the Hub in environment variables, by the rules of huggingface_hub's {@code
 * constants.py} and, for the oldest names, of {@code transformers/utils/hub.py}.
 *
 * <p>As there, a variable with an empty value counts as set.
 *
 * @param variables the environment
 * @param home the user's home folder in the password file, for a process without {@code HOME}
 * @param homes the home folders of other users, for {@code ~name}; empty if there is no such user
 */
public record HubEnvironment(
    Map<String, String> variables, String home, Function<String, Optional<String>> homes) {
  private static final Path PASSWORDS = Path.of("/etc/passwd");
  private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+|\\{[^}]*\\})");
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LONGEST_SECONDS = 86_400;

  public HubEnvironment {
    variables = Map.copyOf(variables);
  }

  /** The environment of this process. */
  public static HubEnvironment here() {
    return of(System.getenv(), System.getProperty("user.home", ""));
  }

  /** An environment with these variables and the users of this machine. */
  public static HubEnvironment of(Map<String, String> variables, String home) {
    return new HubEnvironment(variables, home, HubEnvironment::homeOf);
  }

  /**
   * The folder of the cache. The first that is set counts: {@code TRANSFORMERS_CACHE}, {@code
   * PYTORCH_TRANSFORMERS_CACHE} and {@code PYTORCH_PRETRAINED_BERT_CACHE}, which transformers 4
   * uses unchanged, then {@code HF_HUB_CACHE}, {@code HUGGINGFACE_HUB_CACHE}, {@code HF_HOME/hub},
   * {@code XDG_CACHE_HOME/huggingface/hub}, with {@code ~} and variables expanded; otherwise {@code
   * ~/.cache/huggingface/hub}.
   */
  public Path cache() {
    return path(
        Stream.of(
                "TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE")
            .filter(variables::containsKey)
            .findFirst()
            .map(variables::get)
            .orElseGet(this::hubCache));
  }

  private String hubCache() {
    var legacy =
        variables.containsKey("HUGGINGFACE_HUB_CACHE")
            ? variables.get("HUGGINGFACE_HUB_CACHE")
            : join(hubHome(), "hub");
    return expanded(variables.getOrDefault("HF_HUB_CACHE", legacy));
  }

  /** {@code HF_HOME}. */
  private String hubHome() {
    var cache =
        variables.containsKey("XDG_CACHE_HOME")
            ? variables.get("XDG_CACHE_HOME")
            : join(withHome("~"), ".cache");
    return expanded(variables.getOrDefault("HF_HOME", join(cache, "huggingface")));
  }

  /**
   * The token of requests: {@code HF_TOKEN}, {@code HUGGING_FACE_HUB_TOKEN}, or the content of the
   * file {@code HF_TOKEN_PATH} or {@code HF_HOME/token}, unless {@code
   * HF_HUB_DISABLE_IMPLICIT_TOKEN} is set.
   */
  public Optional<String> token() {
    if (isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    for (var variable : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      var token = variables.getOrDefault(variable, "").strip();
      if (!token.isEmpty()) {
        return Optional.of(token);
      }
    }
    var file = path(expanded(variables.getOrDefault("HF_TOKEN_PATH", join(hubHome(), "token"))));
    try {
      return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** {@code HF_ENDPOINT} without a slash at its end, or the Hub itself. */
  public String endpoint() {
    return variables.getOrDefault("HF_ENDPOINT", "https://huggingface.co").replaceAll("/+$", "");
  }

  /** The name of the variable that forbids requests to the Hub; empty if none does. */
  public Optional<String> offline() {
    var value = variables.getOrDefault("HF_HUB_OFFLINE", "");
    var variable = value.isEmpty() ? "TRANSFORMERS_OFFLINE" : "HF_HUB_OFFLINE";
    return isTrue(variable) ? Optional.of(variable) : Optional.empty();
  }

  /** Whether the cache should have files instead of links. */
  public boolean refusesLinks() {
    return isTrue("HF_HUB_DISABLE_SYMLINKS");
  }

  /** The timeout for the head of a response: {@code HF_HUB_ETAG_TIMEOUT}. */
  public Duration headPatience() {
    return seconds("HF_HUB_ETAG_TIMEOUT");
  }

  /** The longest time without new data in a body: {@code HF_HUB_DOWNLOAD_TIMEOUT}. */
  public Duration bodyPatience() {
    return seconds("HF_HUB_DOWNLOAD_TIMEOUT");
  }

  private Duration seconds(String variable) {
    var text = variables.getOrDefault(variable, "").strip();
    if (text.isEmpty()) {
      return PATIENCE;
    }
    try {
      long seconds = Long.parseLong(text);
      if (seconds > 0 && seconds <= LONGEST_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new CheckpointException(
        variable + " is \"" + HubFailure.shown(text) + "\": give a number of seconds, such as 30");
  }

  private boolean isTrue(String variable) {
    return TRUE.contains(variables.getOrDefault(variable, "").toUpperCase(Locale.ROOT));
  }

  /** Python's {@code os.path.expandvars(os.path.expanduser(path))}. */
  String expanded(String path) {
    var text = withHome(path);
    var found = VARIABLE.matcher(text);
    var result = new StringBuilder();
    int done = 0;
    while (found.find()) {
      var name = found.group(1);
      var value = variables.get(name.startsWith("{") ? name.substring(1, name.length() - 1) : name);
      if (value != null) {
        result.append(text, done, found.start()).append(value);
        done = found.end();
      }
    }
    return result.append(text, done, text.length()).toString();
  }

  /** Python's {@code os.path.expanduser}. */
  private String withHome(String path) {
    if (!path.startsWith("~")) {
      return path;
    }
    int slash = path.indexOf('/');
    int end = slash < 0 ? path.length() : slash;
    var user =
        end == 1
            ? Optional.of(variables.getOrDefault("HOME", home))
            : homes.apply(path.substring(1, end));
    return user.map(
            folder -> {
              var whole = folder.replaceAll("/+$", "") + path.substring(end);
              return whole.isEmpty() ? "/" : whole;
            })
        .orElse(path);
  }

  /** Python's {@code os.path.join} with a simple name. */
  private static String join(String folder, String name) {
    return folder.isEmpty() || folder.endsWith("/") ? folder + name : folder + "/" + name;
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          "\"" + HubFailure.shown(text) + "\", which the environment names, is no path here", e);
    }
  }

  private static Optional<String> homeOf(String user) {
    try (var lines = Files.lines(PASSWORDS, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > 5 && fields[0].equals(user))
          .map(fields -> fields[5])
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
