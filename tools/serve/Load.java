import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that asks as fast as it is answered: {@code Load URL TEXTS CONNECTIONS SECONDS [RATE]}.
 * Each connection sends one text after another of the file TEXTS, a text a line, to {@code /embed};
 * with a RATE, all of them together send so many a second, whatever comes back. Prints a line:
 * answers a second, the time of those with status 200, and what became of all requests: the status
 * that answered them, or
 *
 * <ul>
 *   <li>{@code refused}: there was no connection to ask on;
 *   <li>{@code unanswered}: the connection was closed before the first byte of an answer;
 *   <li>{@code cut}: the connection was closed in an answer.
 * </ul>
 */
final class Load {
  private static final String OK = "200";
  private static final String UNANSWERED = "unanswered";
  private static final String CUT = "cut";
  private static final String REFUSED = "refused";

  private record Timed(String end, long nanos) {}

  public static void main(String[] arguments) throws Exception {
    var url = URI.create(arguments[0]);
    var texts = Files.readAllLines(Path.of(arguments[1])).stream().map(Load::request).toList();
    int connections = Integer.parseInt(arguments[2]);
    double seconds = Double.parseDouble(arguments[3]);
    double rate = arguments.length > 4 ? Double.parseDouble(arguments[4]) : 0;
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    var next = new AtomicInteger();
    List<Timed> all = new ArrayList<>();
    try (var threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().stackSize(1 << 18).factory())) {
      var running =
          threads.invokeAll(
              java.util.stream.IntStream.range(0, connections)
                  .<java.util.concurrent.Callable<List<Timed>>>mapToObj(
                      _ -> () -> ask(url, texts, next, begin, end, rate))
                  .toList());
      for (var each : running) {
        all.addAll(each.get());
      }
    }
    print(all, connections, (System.nanoTime() - begin) / 1e9);
  }

  private static byte[] request(String text) {
    var quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    var body = ("{\"inputs\":\"" + quoted + "\"}").getBytes(UTF_8);
    var head =
        "POST /embed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    var request = Arrays.copyOf(head.getBytes(ISO_8859_1), head.length() + body.length);
    System.arraycopy(body, 0, request, head.length(), body.length);
    return request;
  }

  private static List<Timed> ask(
      URI url, List<byte[]> texts, AtomicInteger next, long begin, long end, double rate)
      throws Exception {
    var timed = new ArrayList<Timed>();
    while (System.nanoTime() < end) {
      try (var socket = new Socket(url.getHost(), url.getPort())) {
        socket.setTcpNoDelay(true);
        var in = new BufferedInputStream(socket.getInputStream());
        while (System.nanoTime() < end) {
          int count = next.getAndIncrement();
          long due = rate == 0 ? 0 : begin + (long) (count / rate * 1e9);
          long wait = due - System.nanoTime();
          if (rate > 0 && wait > 0) {
            Thread.sleep(java.time.Duration.ofNanos(wait));
          }
          long start = System.nanoTime();
          var what = ask(socket, in, texts.get(count % texts.size()));
          timed.add(new Timed(what, System.nanoTime() - start));
          if (what.equals(UNANSWERED) || what.equals(CUT)) {
            break; // closed: a new connection
          }
        }
      } catch (IOException _) {
        timed.add(new Timed(REFUSED, 0));
        Thread.sleep(50);
      }
    }
    return timed;
  }

  private static String ask(Socket socket, InputStream in, byte[] request) {
    try {
      socket.getOutputStream().write(request);
    } catch (IOException _) {
      return UNANSWERED;
    }
    var status = UNANSWERED;
    try {
      in.mark(1);
      if (in.read() < 0) {
        return UNANSWERED;
      }
      in.reset();
      status = CUT;
      return answer(in);
    } catch (IOException _) {
      return status;
    }
  }

  /** The status of an answer, whose body is read. */
  private static String answer(InputStream in) throws IOException {
    var status = CUT;
    int length = 0;
    for (var line = line(in); line != null; line = line(in)) {
      if (line.isEmpty()) {
        in.skipNBytes(length);
        return status;
      }
      if (line.startsWith("HTTP/")) {
        status = line.substring(9, 12);
      } else if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return CUT;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static void print(List<Timed> all, int connections, double seconds) {
    Map<String, Integer> ends = new TreeMap<>();
    all.forEach(each -> ends.merge(each.end, 1, Integer::sum));
    var times =
        all.stream().filter(each -> each.end.equals(OK)).mapToLong(Timed::nanos).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "connections %d  answers/s %.1f  p50 %.1f ms  p99 %.1f ms  ends %s%n",
        connections,
        times.length / seconds,
        part(times, 0.5),
        part(times, 0.99),
        ends);
  }

  private static double part(long[] times, double part) {
    return times.length == 0
        ? Double.NaN
        : times[Math.min(times.length - 1, (int) (times.length * part))] / 1e6;
  }
}
