package io.lanewise.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The TCP connections of this machine, as Linux lists them: {@code /proc/net/tcp} and {@code
 * /proc/net/tcp6} (Documentation/networking/proc_net_tcp.rst).
 *
 * @param lines of both files
 */
record ConnectionTable(List<String> lines) {
  private static final List<Path> FILES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /** A connection on which both sides may still send. */
  private static final String ESTABLISHED = "01";

  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int WORD = 4;

  /**
   * What is connected now.
   *
   * @throws IOException if this system has no such files
   */
  static ConnectionTable read() throws IOException {
    var lines = new ArrayList<String>();
    for (var file : FILES) {
      if (Files.exists(file)) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    if (lines.isEmpty()) {
      throw new IOException("no list of connections");
    }
    return new ConnectionTable(lines);
  }

  /** The other ends of the connections to a port of this machine whose other end is still there. */
  Set<InetSocketAddress> clients(int port) throws IOException {
    var clients = new HashSet<InetSocketAddress>();
    var ending = ":%04X".formatted(port);
    for (var line : lines) {
      var cells = line.strip().split("\\s+", STATE + 2);
      if (cells.length > STATE
          && cells[LOCAL].endsWith(ending)
          && cells[STATE].equals(ESTABLISHED)) {
        clients.add(address(cells[REMOTE]));
      }
    }
    return clients;
  }

  /** Such as {@code 0100007F:1F90}: words of four bytes, the last byte first on this machine. */
  private static InetSocketAddress address(String text) throws IOException {
    int colon = text.indexOf(':');
    var bytes = HexFormat.of().parseHex(text.substring(0, colon));
    boolean reversed = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    for (int word = 0; reversed && word < bytes.length; word += WORD) {
      for (int i = 0; i < WORD / 2; i++) {
        byte first = bytes[word + i];
        bytes[word + i] = bytes[word + WORD - 1 - i];
        bytes[word + WORD - 1 - i] = first;
      }
    }
    return new InetSocketAddress(
        InetAddress.getByAddress(bytes), HexFormat.fromHexDigits(text.substring(colon + 1)));
  }
}
