package io.lanewise.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The role of each token of a batch in windowed attention.
 *
 * @param batch sequences
 * @param tokens tokens of a sequence
 * @param roles [batch * tokens]
 * @param globals for each sequence the positions of its global tokens, ascending
 */
public record TokenRoles(int batch, int tokens, Role[] roles, int[][] globals) {
  /** The role of one token. */
  public enum Role {
    /** A masked token, usually padding: it is no key of any query, and its own result is zero. */
    HIDDEN,
    /** Padding that is a query all the same: it attends as a local token; it is no key. */
    UNSEEN,
    /** Attends to the tokens of its window and to the global tokens. */
    LOCAL,
    /** Attends to every token, and every token attends to it. */
    GLOBAL;

    /** Whether it attends to its window and to the global tokens. */
    public boolean asksLocally() {
      return this == LOCAL || this == UNSEEN;
    }
  }

  /** The roles of a batch, [batch * tokens]. */
  public static TokenRoles of(int batch, int tokens, Role[] roles) {
    if (roles.length != Math.multiplyExact(batch, tokens)) {
      throw new IllegalArgumentException(
          roles.length + " roles for " + batch + " sequences of " + tokens + " tokens");
    }
    var globals = new int[batch][];
    for (int b = 0; b < batch; b++) {
      int first = b * tokens;
      globals[b] =
          IntStream.range(0, tokens).filter(t -> roles[first + t] == Role.GLOBAL).toArray();
    }
    return new TokenRoles(batch, tokens, roles, globals);
  }

  /** Every token attends only to its window. */
  public static TokenRoles allLocal(int batch, int tokens) {
    var roles = new Role[Math.multiplyExact(batch, tokens)];
    Arrays.fill(roles, Role.LOCAL);
    return of(batch, tokens, roles);
  }

  /** The role of token t of sequence b. */
  public Role role(int b, int t) {
    return roles[b * tokens + t];
  }

  /** The global tokens of the sequence that has most of them. */
  public int mostGlobals() {
    return Arrays.stream(globals).mapToInt(positions -> positions.length).max().orElse(0);
  }
}
