import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens 10,000 connections to a server and leaves them: {@code PORT PROCESS}. */
final class Hostile {
  private static final int CONNECTIONS = 10_000;
  private static final String BODY = "{\"inputs\":\"The capital of [MASK] is Paris.\"}";

  private static final List<String> BEGINNINGS =
      List.of(
          "",
          "POST /fill-m",
          "POST /fill-mask HTTP/1.1\r\nHost: a\r\nX: ",
          "POST /fill-mask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: 1000000\r\n\r\n{\"inputs\":\"",
          "POST /fill-mask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"inp");

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    var process = Path.of("/proc", arguments[1], "status");
    check(ask(port) == 200, "the server does not answer at the beginning");
    System.out.println("resident at the beginning " + resident(process) + " MB");
    var sockets = new ArrayList<Socket>();
    int refused = 0;
    int asked = 0;
    int answered = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      try {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.getOutputStream().write(BEGINNINGS.get(i % BEGINNINGS.size()).getBytes(ISO_8859_1));
      } catch (IOException _) {
        refused++;
      }
      if (i % 500 == 499) {
        asked++;
        answered += ask(port) == 200 ? 1 : 0;
      }
    }
    long most = resident(process);
    System.out.printf(
        "%d connections, %d refused; meanwhile %d of %d requests answered; resident %d MB%n",
        CONNECTIONS, refused, answered, asked, most);
    check(most < 1500, "memory grows with connections");
    for (var socket : sockets) {
      socket.close();
    }
    int status = 0;
    for (int i = 0; i < 100 && status != 200; i++) {
      Thread.sleep(100);
      status = ask(port);
    }
    check(status == 200, "the server does not answer when they have gone");
    System.out.println("all gone: answered; resident " + resident(process) + " MB");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      System.err.println(otherwise);
      System.exit(1);
    }
  }

  /** The status of a request; 0 if there is no answer. */
  private static int ask(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      var request =
          "POST /fill-mask HTTP/1.1\r\n"
              + "Host: a\r\n"
              + "Connection: close\r\n"
              + "Content-Type: application/json\r\n"
              + "Content-Length: "
              + BODY.length()
              + "\r\n\r\n"
              + BODY;
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      return answer.length() < 12 ? 0 : Integer.parseInt(answer.substring(9, 12));
    } catch (IOException _) {
      return 0;
    }
  }

  private static long resident(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
