package io.lanewise.hostile;

import static io.lanewise.hostile.HostileCase.harmless;
import static io.lanewise.hostile.HostileCase.refused;
import static io.lanewise.hostile.HostileCase.write;

import io.lanewise.hostile.HostileCase.Content;
import io.lanewise.hostile.HostileCase.Sink;
import io.lanewise.hostile.HostileCase.Step;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tokenizer files that grow a text, a table or the time without bound. */
final class HostileTokenizers {
  private static final String GROWS = "make a text more than 100 times longer";
  private static final String COMPONENT = "where a component with a \"type\" is expected";
  private static final String LONG = "at most 1024 are possible";
  private static final String WORDS =
      "{\"type\":\"WordLevel\",\"unk_token\":\"u\",\"vocab\":{\"u\":0,\"a\":1}}";
  private static final String TEXT_OF_A = "a".repeat(1 << 20);

  private HostileTokenizers() {}

  static List<HostileCase> all() {
    return List.of(
        refused(
            "a chain of replacements",
            GROWS,
            json(normalizer(sequence(chain(40, "a", "aa")))),
            a(1)),
        refused(
            "a chain of replacements, two levels",
            GROWS,
            json(normalizer(sequence(chain(20, "a", "aa"), chain(20, "a", "aa")))),
            a(1)),
        refused(
            "a long replacement",
            GROWS,
            json(normalizer(replace("a", "b".repeat(100_000)))),
            a(10_000)),
        refused(
            "bytes of bytes of bytes",
            GROWS,
            json(normalizer(sequence("{\"type\":\"ByteLevel\"}", 40))),
            encode("é")),
        refused(
            "a chain of replacements in the decoder",
            GROWS,
            json("\"decoder\":" + sequence("decoders", chain(40, "a", "aa")) + ","),
            folder -> Tokenizer.load(folder).decode(new int[] {1, 1, 1}, false)),
        refused("a missing step", COMPONENT, json(normalizer(sequence("null"))), load()),
        refused(
            "a missing step of the pre-tokenizer",
            COMPONENT,
            json("\"pre_tokenizer\":" + sequence("pretokenizers", "null") + ","),
            load()),
        refused(
            "a missing step of the decoder",
            COMPONENT,
            json("\"decoder\":" + sequence("decoders", "null") + ","),
            load()),
        refused(
            "a missing step of the post-processor",
            COMPONENT,
            json("\"post_processor\":" + sequence("processors", "null") + ","),
            load()),
        refused(
            "100,000 steps",
            "at most 256",
            json(normalizer(sequence("{\"type\":\"Lowercase\"}", 100_000))),
            load()),
        harmless(
            "a pattern of 100,000 characters that nearly matches everywhere",
            json(normalizer(replace("a".repeat(100_000) + "b", "c"))),
            encode(TEXT_OF_A)),
        harmless(
            "a split of 100,000 characters that nearly matches everywhere",
            json(
                "\"pre_tokenizer\":{\"type\":\"Split\",\"behavior\":\"Removed\",\"invert\":false,"
                    + "\"pattern\":{\"String\":\""
                    + "a".repeat(100_000)
                    + "b\"}},"),
            encode(TEXT_OF_A)),
        refused(
            "a piece of 100,000 characters",
            LONG,
            model(
                "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",0],[\"a\",-1],[\""
                    + "a".repeat(100_000)
                    + "b\",-2]]}"),
            encode(TEXT_OF_A)),
        refused(
            "a word piece of 100,000 characters",
            "Name length (100003) exceeds",
            model(
                "{\"type\":\"WordPiece\",\"unk_token\":\"u\",\"max_input_chars_per_word\":2000000000,"
                    + "\"vocab\":{\"u\":0,\"a\":1,\"##a\":2,\"##"
                    + "a".repeat(100_000)
                    + "b\":3}}"),
            encode(TEXT_OF_A)),
        harmless(
            "words without bound",
            model(
                "{\"type\":\"WordPiece\",\"unk_token\":\"u\",\"max_input_chars_per_word\":2000000000,"
                    + "\"vocab\":{\"u\":0,\"a\":1,\"##a\":2,\"##"
                    + "a".repeat(1000)
                    + "b\":3}}"),
            encode("a".repeat(100_000))),
        refused(
            "an added token of 100,000 characters",
            LONG,
            json("\"added_tokens\":[" + added(2, "a".repeat(100_000)) + "],"),
            load()),
        refused(
            "a word piece of 10,000 characters",
            LONG,
            folder ->
                write(
                    folder.resolve("vocab.txt"),
                    out -> out.text("[UNK]\na\n##a\n##" + "a".repeat(10_000) + "b\n")),
            encode(TEXT_OF_A)),
        harmless(
            "a merge of 40,000 characters",
            model(
                "{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"aa\":1,\""
                    + "a".repeat(40_000)
                    + "\":2},\"merges\":[\"a a\"]}"),
            encode(TEXT_OF_A)),
        refused(
            "padding to 2 billion", "Fixed is 2000000000", json(padding(2_000_000_000)), load()),
        harmless("padding to a million", json(padding(1 << 20)), padded()),
        refused(
            "padding to a multiple of 2 billion",
            "pad_to_multiple_of is 2000000000",
            json(
                "\"padding\":{\"strategy\":\"BatchLongest\",\"pad_to_multiple_of\":2000000000,"
                    + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"u\"},"),
            padded()),
        refused(
            "an id near 2^24 in a small vocabulary",
            "in a vocabulary of 2 pieces",
            model(
                "{\"type\":\"WordLevel\",\"unk_token\":\"u\",\"vocab\":{\"u\":0,\"a\":16777216}}"),
            load()),
        harmless( // the id is the next free one, whatever the file says
            "an id near 2^24 of an added token",
            json("\"added_tokens\":[" + added(16_777_216, "x") + "],"),
            load()),
        refused(
            "an id of 2 billion in the template",
            "2000000000",
            json(
                "\"post_processor\":{\"type\":\"BertProcessing\",\"sep\":[\"u\",2000000000],"
                    + "\"cls\":[\"u\",2000000000]},"),
            use()),
        refused(
            "a template that repeats a text 2,000 times",
            "a template of at most",
            json(template("{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}", 2_000)),
            a(1000)),
        refused(
            "a template of 2,000 tokens",
            "a template of at most",
            json(template("{\"SpecialToken\":{\"id\":\"u\",\"type_id\":0}}", 2_000)),
            a(1000)),
        refused("a million levels", "not valid JSON", file(nested(1_000_000)), load()),
        refused("10 million lists", "a quarter of the Java heap", file(lists()), load()),
        refused("the same key twice", "Duplicate", json("\"model\":1,"), load()),
        refused(
            "a million added tokens",
            "a quarter of the Java heap",
            file(addedTokens(1_000_000)),
            load()),
        harmless("100,000 added tokens", file(addedTokens(100_000)), encode("a".repeat(10_000))),
        refused(
            "a score beyond all numbers",
            "where a number is expected",
            model("{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",0],[\"a\",1e999]]}"),
            load()),
        harmless(
            "scores at the edge of all numbers",
            model(
                "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",-1.7e308],[\"a\",1.7e308],"
                    + "[\"aa\",-1.7e308]]}"),
            use()),
        refused(
            "a character map that is a bomb",
            "a quarter of the Java heap",
            folder ->
                write(
                    folder.resolve("spiece.model"),
                    out -> {
                      piece(out, "u", 2);
                      charsmap(out, 1_000_000);
                    }),
            load()),
        refused(
            "forms of 1,000 characters",
            GROWS,
            folder ->
                write(
                    folder.resolve("spiece.model"),
                    out -> {
                      for (var each : List.of("<unk>", "[CLS]", "[SEP]", "<pad>", "[MASK]")) {
                        piece(out, each, each.equals("<unk>") ? 2 : 3);
                      }
                      growing(out, true);
                    }),
            slow("\u0001".repeat(100_000))),
        refused(
            "forms of 1,000 characters in tokenizer.json",
            GROWS,
            folder -> {
              var map = new java.io.ByteArrayOutputStream();
              growing(new Sink(map), false);
              var text = java.util.Base64.getEncoder().encodeToString(map.toByteArray());
              json(normalizer(
                      "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"" + text + "\"}"))
                  .run(folder);
            },
            encode("\u0001".repeat(100_000))),
        refused(
            "a list where a text should be",
            "where a string is expected",
            file(
                out ->
                    out.text("{\"model\":{\"type\":[\"\"")
                        .repeat(",\"" + "a".repeat(1000) + "\"", 90_000)
                        .text("]}}")),
            load()),
        refused(
            "a message longer than its file",
            "not a SentencePiece model",
            folder ->
                write(folder.resolve("spiece.model"), out -> out.bytes(10, 255, 255, 255, 127)),
            load()),
        refused(
            "10 million empty lines",
            "a quarter of the Java heap",
            folder -> write(folder.resolve("vocab.txt"), out -> out.repeat("\n", 10_000_000)),
            load()),
        refused(
            "a vocabulary of a line of 100 MB",
            "no piece is so long",
            folder ->
                write(folder.resolve("vocab.txt"), out -> out.repeat("a".repeat(100), 1 << 20)),
            load()),
        refused(
            "10 million merges",
            "a quarter of the Java heap",
            folder -> {
              write(folder.resolve("vocab.json"), out -> out.text("{\"a\":0,\"<unk>\":1}"));
              write(
                  folder.resolve("merges.txt"), out -> out.text("#\n").repeat("a a\n", 10_000_000));
            },
            load()),
        refused(
            "a file of a gigabyte",
            "too large for",
            folder -> {
              try (var file =
                  new java.io.RandomAccessFile(folder.resolve("tokenizer.json").toFile(), "rw")) {
                file.setLength(1L << 30);
              }
            },
            load()));
  }

  private static Step load() {
    return Tokenizer::load;
  }

  private static Step encode(String text) {
    return folder -> Tokenizer.load(folder).encode(text);
  }

  private static Step a(int times) {
    return encode("a".repeat(times));
  }

  private static Step slow(String text) {
    return folder ->
        Tokenizer.load(folder, TokenizerOptions.DEFAULT.withFlavor(TokenizerOptions.Flavor.SLOW))
            .encode(text);
  }

  /** All that can be done with a small text. */
  private static Step use() {
    return folder -> {
      var tokenizer = Tokenizer.load(folder);
      var pair = tokenizer.encode("a aaa b", "a");
      tokenizer.decode(pair.ids(), true);
      pair.tokens();
    };
  }

  private static Step padded() {
    return folder -> {
      var tokenizer = Tokenizer.load(folder);
      tokenizer.encodeAll(List.of("a", "a a"), tokenizer.fileOptions());
      tokenizer.encode("a", EncodeOptions.DEFAULT);
    };
  }

  private static Step file(Content content) {
    return folder -> write(folder.resolve("tokenizer.json"), content);
  }

  /** A tokenizer.json of these members and a small model. */
  private static Step json(String members) {
    return folder -> {
      write(
          folder.resolve("tokenizer.json"),
          out -> out.text("{" + members + "\"model\":" + WORDS + "}"));
      write(folder.resolve("tokenizer_config.json"), out -> out.text("{\"pad_token\":\"u\"}"));
    };
  }

  private static Step model(String model) {
    return file(out -> out.text("{\"model\":" + model + "}"));
  }

  private static String normalizer(String json) {
    return "\"normalizer\":" + json + ",";
  }

  private static String replace(String pattern, String content) {
    return "{\"type\":\"Replace\",\"pattern\":{\"String\":\"%s\"},\"content\":\"%s\"}"
        .formatted(pattern, content);
  }

  private static String chain(int steps, String pattern, String content) {
    return IntStream.range(0, steps)
        .mapToObj(_ -> replace(pattern, content))
        .collect(Collectors.joining(","));
  }

  private static String sequence(String step, int times) {
    return sequence(String.join(",", java.util.Collections.nCopies(times, step)));
  }

  private static String sequence(String one, String other) {
    return one.equals("pretokenizers") || one.equals("decoders") || one.equals("processors")
        ? "{\"type\":\"Sequence\",\"%s\":[%s]}".formatted(one, other)
        : sequence(sequence(one) + "," + sequence(other));
  }

  private static String sequence(String steps) {
    return "{\"type\":\"Sequence\",\"normalizers\":[" + steps + "]}";
  }

  private static String added(int id, String content) {
    return "{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":true}"
        .formatted(id, content);
  }

  private static String padding(int length) {
    return "\"padding\":{\"strategy\":{\"Fixed\":%d},\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"u\"},"
        .formatted(length);
  }

  private static String template(String part, int times) {
    var parts = String.join(",", java.util.Collections.nCopies(times, part));
    return "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[%s],\"pair\":[],\"special_tokens\":{\"u\":{\"id\":\"u\",\"ids\":[0],\"tokens\":[\"u\"]}}},"
        .formatted(parts);
  }

  private static Content nested(int depth) {
    return out ->
        out.text("{\"normalizer\":").repeat("{\"type\":\"Sequence\",\"normalizers\":[", depth);
  }

  private static Content lists() {
    return out ->
        out.text("{\"x\":[[]").repeat(",[]", 10_000_000).text("],\"model\":" + WORDS + "}");
  }

  private static Content addedTokens(int count) {
    return out -> {
      out.text("{\"added_tokens\":[");
      for (int i = 0; i < count; i++) {
        out.text((i == 0 ? "" : ",") + added(i + 2, "t" + i));
      }
      out.text("],\"model\":" + WORDS + "}");
    };
  }

  /** A piece of a SentencePiece model. */
  private static void piece(Sink out, String text, int kind) throws java.io.IOException {
    out.bytes(10, text.length() + 4, 10, text.length()).text(text).bytes(24, kind);
  }

  /** A character map with so many leaves, each with a form of its own of 1,000 bytes. */
  private static void charsmap(Sink out, int leaves) throws java.io.IOException {
    int pool = leaves + 1000;
    int size = 4 + 4 * leaves + pool;
    out.bytes(26);
    varint(out, 1 + length(size) + size);
    out.bytes(18);
    varint(out, size);
    out.little(4L * leaves, 4);
    for (int i = 0; i < leaves; i++) {
      out.little(0x80000000L | i, 4);
    }
    for (int i = 0; i < pool; i++) {
      out.bytes(i % 1000 == 999 ? 0 : 'x');
    }
  }

  /** A character map that makes 1,000 characters of U+0001. */
  private static void growing(Sink out, boolean framed) throws java.io.IOException {
    // Unit 0 is the root, whose child for byte 1 is unit 1 ^ 4; its leaf is unit 5 ^ 8 = 13.
    int units = 16;
    int size = 4 + 4 * units + 1001;
    if (framed) {
      out.bytes(26);
      varint(out, 1 + length(size) + size);
      out.bytes(18);
      varint(out, size);
    }
    out.little(4L * units, 4);
    for (int i = 0; i < units; i++) {
      long unit =
          switch (i) {
            case 0 -> 4L << 10;
            case 5 -> (8L << 10) | (1 << 8) | 1;
            case 13 -> 0x80000000L;
            default -> 0xff;
          };
      out.little(unit, 4);
    }
    out.repeat("x", 1000).bytes(0);
  }

  private static int length(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
  }

  private static void varint(Sink out, int value) throws java.io.IOException {
    int rest = value;
    while (rest >= 0x80) {
      out.bytes((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.bytes(rest);
  }
}
