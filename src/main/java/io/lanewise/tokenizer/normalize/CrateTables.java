package io.lanewise.tokenizer.normalize;

/**
 * The differences between the Unicode tables of Hugging Face's Rust tokenizers (0.22) and the
 * JDK's.
 *
 * <p>That library uses the tables of several crates with different Unicode versions: {@code
 * unicode-normalization-alignments} (normal forms and classes of marks) has Unicode 9, {@code
 * unicode_categories} has Unicode 8, and lower case has Unicode 17. Each set here is the difference
 * to Unicode 16 of JDK 25. A later JDK has further characters, so the sets list what is treated as
 * unassigned, independent of the JDK.
 */
public final class CrateTables {
  /** Characters with a decomposition, added after Unicode 9: they do not change. */
  static final CodePoints LATER_DECOMPOSITIONS =
      CodePoints.of(
          "32ff a7f2-a7f4 ab69 105c9 105e4 10781-10785 10787-107b0 107b2-107ba 11383 11385 1138e"
              + " 11391 113c5 113c7-113c8 11938 16121-16128 16d68-16d6a 1ccd6-1ccf9 1e030-1e06d"
              + " 1f16c 1fbf0-1fbf9");

  /** Marks added after Unicode 9: StripAccents keeps them, and their combining class is 0. */
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

  /**
   * Further non-spacing marks that the crate {@code unicode_categories} (Unicode 8) lacks, besides
   * {@link #LATER_MARKS}: BERT's accent stripping keeps them.
   */
  private static final CodePoints LATER_NON_SPACING =
      CodePoints.of(
          "8d4-8e1 1885-1886 1dfb a8c5 a9bd 1123e 11438-1143f 11442-11444 11446 11c30-11c36"
              + " 11c38-11c3d 11c3f 11c92-11ca7 11caa-11cb0 11cb2-11cb3 11cb5-11cb6 1e000-1e006"
              + " 1e008-1e018 1e01b-1e021 1e023-1e024 1e026-1e02a 1e944-1e94a");

  /** Punctuation added after Unicode 8: part of words for BERT. */
  private static final CodePoints LATER_PUNCTUATION =
      CodePoints.of(
          "61d 9fd a76 c77 c84 1b4e-1b4f 1b7d-1b7f 2e43-2e4f 2e52-2e5d 10d6e 10ead 10f55-10f59"
              + " 10f86-10f89 113d4-113d5 113d7-113d8 1144b-1144f 1145a-1145b 1145d 11660-1166c"
              + " 116b9 1183b 11944-11946 119e2 11a3f-11a46 11a9a-11a9c 11a9e-11aa2 11b00-11b09"
              + " 11be1 11c41-11c45 11c70-11c71 11ef7-11ef8 11f43-11f4f 11fff 12ff1-12ff2"
              + " 16d6d-16d6f 16e97-16e9a 16fe2 1e5ff 1e95e-1e95f");

  /** Format characters that are letters or marks in the crate. */
  private static final CodePoints LATER_FORMATS = CodePoints.of("890-891 8e2 110cd 13430-1343f");

  private CrateTables() {}

  /** Whether the crate counts it as a non-spacing mark (category Mn of Unicode 8). */
  static boolean isNonSpacingMark(int c) {
    if (c < 0x300) {
      return false;
    }
    // U+1734 and U+1171E were non-spacing in Unicode 8 and are spacing today.
    return c == 0x1734
        || c == 0x1171E
        || (Character.getType(c) == Character.NON_SPACING_MARK
            && !LATER_MARKS.contains(c)
            && !LATER_NON_SPACING.contains(c));
  }

  /**
   * The characters where BERT splits words: ASCII symbols, and punctuation of Unicode 8
   * (is_bert_punc in pre_tokenizers/bert.rs).
   */
  public static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return CodePoints.isAsciiPunctuation(c);
    }
    // U+166D and U+111C9 were punctuation in Unicode 8.
    return c == 0x166D
        || c == 0x111C9
        || (CodePoints.isPunctuation(c) && !LATER_PUNCTUATION.contains(c));
  }

  /** Categories Cc, Cf and Co of Unicode 8; not unassigned characters. */
  static boolean isControl(int c) {
    return CodePoints.isControl(c) && !LATER_FORMATS.contains(c);
  }

  /**
   * The ideographs that are words of their own for BERT (is_chinese_char in normalizers/bert.rs).
   */
  static boolean isIdeograph(int c) {
    // The block of extension E begins at U+2B920 in normalizers/bert.rs, but at U+2B820 in
    // tokenization_bert.py.
    return CodePoints.isIdeograph(c) && (c < 0x2B820 || c > 0x2B91F);
  }

  /** Whether the crate counts it as a mark (category M of Unicode 9). */
  static boolean isMark(int c) {
    if (c < 0x300) {
      return false;
    }
    // U+1CF2 and U+1CF3 were spacing marks in Unicode 9 and are letters today.
    return c == 0x1CF2 || c == 0x1CF3 || (CodePoints.isMark(c) && !LATER_MARKS.contains(c));
  }

  /** Lower case of one code point. That of U+0130 has two code points, which the caller handles. */
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
