package io.lanewise.tokenizer;

/**
 * Where the Unicode tables of Hugging Face's Rust tokenizers (0.22) differ from the JDK's.
 *
 * <p>That library takes its tables from several crates, each of another Unicode version: the normal
 * forms and the classes of marks are of Unicode 9, lower case is of Unicode 17. Each set here is
 * the difference to Unicode 16, which JDK 25 has; a later JDK differs by its own new characters, so
 * the sets say what is to be treated as unassigned, not what the JDK says.
 */
final class CrateTables {
  /** Characters with a decomposition that came after Unicode 9: these stay as they are. */
  static final CodePoints LATER_DECOMPOSITIONS =
      CodePoints.of(
          "32ff a7f2-a7f4 ab69 105c9 105e4 10781-10785 10787-107b0 107b2-107ba 11383 11385 1138e"
              + " 11391 113c5 113c7-113c8 11938 16121-16128 16d68-16d6a 1ccd6-1ccf9 1e030-1e06d"
              + " 1f16c 1fbf0-1fbf9");

  /** Marks that came after Unicode 9: kept by StripAccents, and of combining class 0. */
  static final CodePoints LATER_MARKS =
      CodePoints.of(
          "7fd 897-89f 8ca-8d3 9fe afa-aff b55 c04 c3c cf3 d00 d3b-d3c d81 eba ece 1715 180f"
              + " 1abf-1ace 1cf7 1df6-1dfa a82c a8ff 10d24-10d27 10d69-10d6d 10eab-10eac"
              + " 10efc-10eff 10f46-10f50 10f82-10f85 11070 11073-11074 110c2 11145-11146 111c9"
              + " 111ce-111cf 11241 1133b 113b8-113c0 113c2 113c5 113c7-113ca 113cc-113d0 113d2"
              + " 113e1-113e2 1145e 1182c-1183a 11930-11935 11937-11938 1193b-1193e 11940"
              + " 11942-11943 119d1-119d7 119da-119e0 119e4 11a01-11a0a 11a33-11a39 11a3b-11a3e"
              + " 11a47 11a51-11a5b 11a8a-11a99 11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d45 11d47"
              + " 11d8a-11d8e 11d90-11d91 11d93-11d97 11ef3-11ef6 11f00-11f01 11f03 11f34-11f3a"
              + " 11f3e-11f42 11f5a 13440 13447-13455 1611e-1612f 16f4f 16f7f-16f87 16fe4"
              + " 16ff0-16ff1 1cf00-1cf2d 1cf30-1cf46 1e08f 1e130-1e136 1e2ae 1e2ec-1e2ef"
              + " 1e4ec-1e4ef 1e5ee-1e5ef");

  private CrateTables() {}

  /** Whether the crate counts it as a mark (category M of Unicode 9). */
  static boolean isMark(int c) {
    if (c < 0x300) {
      return false;
    }
    // U+1CF2 and U+1CF3 were spacing marks then and are letters today.
    return c == 0x1CF2 || c == 0x1CF3 || (CodePoints.isMark(c) && !LATER_MARKS.contains(c));
  }

  /** Lower case of one code point; U+0130 has two and is the caller's. */
  static int toLowerCase(int c) {
    if (c >= 0xA7CE && (c == 0xA7CE || c == 0xA7D2 || c == 0xA7D4)) {
      return c + 1;
    }
    if (c >= 0x16EA0 && c <= 0x16EB8) {
      return c + 27;
    }
    return Character.toLowerCase(c);
  }
}
