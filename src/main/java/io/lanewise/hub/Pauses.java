package io.lanewise.hub;

import io.lanewise.CheckpointException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The pauses between attempts of a request, and their number.
 *
 * @param attempts consecutive requests that may fail
 * @param clock does the waiting
 */
public record Pauses(int attempts, Clock clock) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(16);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(2);

  /** Five attempts, with pauses of 15 seconds in total. */
  public static final Pauses DEFAULT = new Pauses(5, Thread::sleep);

  /** Waits. */
  @FunctionalInterface
  public interface Clock {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * Waits before the next attempt, twice as long each time.
   *
   * @param failed attempts so far, 1 at least
   * @param retryAfter the server's Retry-After, in seconds or as a date; limited to two minutes
   */
  void before(int failed, Optional<String> retryAfter) {
    var growing = FIRST.multipliedBy(1L << Math.min(failed - 1, 10));
    var own = growing.compareTo(LONGEST) < 0 ? growing : LONGEST;
    var requested = retryAfter.flatMap(Pauses::duration).orElse(own);
    sleep(requested.compareTo(LONGEST_RETRY_AFTER) < 0 ? requested : LONGEST_RETRY_AFTER);
  }

  /** Waits; throws if the thread is interrupted. */
  void sleep(Duration duration) {
    try {
      clock.sleep(duration);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static CheckpointException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CheckpointException(
        "interrupted while a file of the Hub was fetched: the next call goes on from there", e);
  }

  private static Optional<Duration> duration(String retryAfter) {
    var text = retryAfter.strip();
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var left = Duration.between(Instant.now(), until);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
