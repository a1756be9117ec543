package io.lanewise.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What part each token of a batch plays in windowed attention.
 *
 * @param batch sequences
 * @param tokens tokens of a sequence
 * @param roles [batch * tokens]
 * @param globals for each sequence the positions of its global tokens, ascending
 */
public record TokenRoles(int batch, int tokens, Role[] roles, int[][] globals) {
  /** The part of one token. */
  public enum Role {
    /** Padding: nobody sees it, and what it sees is nothing. */
    HIDDEN,
    /** Padding that asks all the same: it sees what a local token sees, and nobody sees it. */
    UNSEEN,
    /** Sees the tokens of its window and the global ones. */
    LOCAL,
    /** Sees every token and is seen by every token. */
    GLOBAL;

    /** Whether it sees its window and the global tokens. */
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

  /** Every token sees its window and nothing else. */
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
