package io.lanewise.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.fuzz.Mutator.Kind;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** The files of tokenizers. */
final class TokenizerTargets {
  private static final String TEXT =
      "It rains, 9,9 [MASK] <mask> \uFB01 \u00e9 e\u0301 \uD83D\uDE00 \u4F60\u597D a  b\tabc '"
          + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.";

  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");

  private final Targets targets;

  TokenizerTargets(Targets targets) {
    this.targets = targets;
  }

  List<Target> all() throws IOException {
    var bart = Targets.TASKS.resolve("generation/bart");
    var bert = Targets.TASKS.resolve("classes-bert-fill");
    var albert = Targets.TASKS.resolve("classes-albert-fill");
    var roberta = Targets.TASKS.resolve("classes-roberta-fill");
    var lines = Files.readAllBytes(Targets.TASKS.resolve("generation/bert-lm/vocab.txt"));
    return List.of(
        Targets.of(
            "tokenizer.json",
            Kind.JSON,
            TokenizerTargets::use,
            targets.seed(bart, "tokenizer.json"),
            targets.seed(bert, "tokenizer.json"),
            targets.seed(albert, "tokenizer.json"),
            targets.seed(Targets.HUB.resolve("ModernBERT-base"), "tokenizer.json"),
            targets.seed(Targets.HUB.resolve("all-mpnet-base-v2"), "tokenizer.json"),
            made(everyStep()),
            made(everyPreTokenizer())),
        Targets.of(
            "tokenizer_config.json",
            Kind.JSON,
            TokenizerTargets::use,
            targets.seed(bart, "tokenizer_config.json"),
            targets.seed(bert, "tokenizer_config.json"),
            targets.seed(albert, "tokenizer_config.json"),
            targets.seed(roberta, "tokenizer_config.json")),
        Targets.of(
            "special_tokens_map.json",
            Kind.JSON,
            TokenizerTargets::use,
            targets.seed(bart, "special_tokens_map.json"),
            targets.seed(bert, "special_tokens_map.json"),
            targets.seed(roberta, "special_tokens_map.json")),
        Targets.of(
            "vocab.txt", Kind.LINES, TokenizerTargets::use, targets.seed(null, "vocab.txt", lines)),
        Targets.of(
            "vocab.json", Kind.JSON, TokenizerTargets::slow, targets.seed(bart, "vocab.json")),
        Targets.of(
            "merges.txt", Kind.LINES, TokenizerTargets::slow, targets.seed(bart, "merges.txt")),
        Targets.of(
            "spiece.model",
            Kind.BINARY,
            TokenizerTargets::use,
            targets.seed(null, "spiece.model", spiece(map()))),
        Targets.of(
            "other-pieces",
            Kind.BINARY,
            TokenizerTargets::use,
            targets.seed(Targets.HUB.resolve("multilingual-e5-small"), "sentencepiece.bpe.model"),
            targets.seed(Targets.HUB.resolve("camembert-ner"), "sentencepiece.bpe.model"),
            targets.seed(Targets.HUB.resolve("deberta-v3-base-mnli-fever-anli"), "spm.model")),
        Targets.of(
            "charsmap", Kind.BINARY, TokenizerTargets::mapped, targets.seed(null, "map", map())));
  }

  private Target.Seed made(String json) throws IOException {
    var seed = targets.seed(null, "tokenizer.json", json.getBytes(UTF_8));
    Files.writeString(seed.folder().resolve("tokenizer_config.json"), "{\"pad_token\":\"<pad>\"}");
    return seed;
  }

  private static void use(Path folder) {
    use(Tokenizer.load(folder));
    slow(folder);
  }

  private static void slow(Path folder) {
    boolean files =
        List.of("vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "spm.model")
            .stream()
            .anyMatch(file -> Files.exists(folder.resolve(file)));
    if (files) {
      use(Tokenizer.load(folder, TokenizerOptions.DEFAULT.withFlavor(Flavor.SLOW)));
    }
  }

  private static void use(Tokenizer tokenizer) {
    var encoding = tokenizer.encode(TEXT);
    tokenizer.decode(encoding.ids(), false);
    tokenizer.decode(encoding.ids(), true, true);
    encoding.tokens();
    tokenizer.normalize(TEXT);
    tokenizer.preTokenize(TEXT);
    tokenizer.specials().maskOf(encoding.ids());
    tokenizer.encode("a", TEXT, EncodeOptions.DEFAULT.withMaxLength(20)).tokens();
    tokenizer.encodeAll(List.of("a b", TEXT), tokenizer.fileOptions());
  }

  /** A character map as it stands in spiece.model, and in tokenizer.json. */
  private static void mapped(Path folder) throws IOException {
    byte[] map = Files.readAllBytes(folder.resolve("map"));
    Files.write(folder.resolve("spiece.model"), spiece(map));
    SentencePiece.load(folder.resolve("spiece.model")).encode(TEXT);
    var json =
        "{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\""
            + Base64.getEncoder().encodeToString(map)
            + "\"},\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",0],[\"a\",-1]]}}";
    Files.writeString(folder.resolve("tokenizer.json"), json);
    use(Tokenizer.load(folder));
  }

  /** The character map of a model. */
  private static byte[] map() throws IOException {
    // Field 3 of the file is the normalizer's, whose field 2 is the map.
    var file = ByteBuffer.wrap(Files.readAllBytes(DEMO.resolve("spiece.model")));
    byte[] normalizer = field(file, 3);
    return small(field(ByteBuffer.wrap(normalizer), 2));
  }

  /** The fields of a message that follow each other, until this one. */
  private static byte[] field(ByteBuffer message, int wanted) {
    while (true) {
      long tag = varint(message);
      switch ((int) (tag & 7)) {
        case 0 -> varint(message);
        case 1 -> message.position(message.position() + 8);
        case 2 -> {
          var part = new byte[(int) varint(message)];
          message.get(part);
          if (tag >>> 3 == wanted) {
            return part;
          }
        }
        default -> message.position(message.position() + 4);
      }
    }
  }

  private static long varint(ByteBuffer message) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = message.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /**
   * The beginning of the trie and of the pool of a map: small enough that a changed byte is often
   * one that matters. Units that point behind its end are dead, leaves that do are not kept.
   */
  private static byte[] small(byte[] map) {
    int units = 2048;
    int pool = 4096;
    var whole = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
    int start = 4 + whole.getInt(0);
    var small = ByteBuffer.allocate(4 + 4 * units + pool).order(ByteOrder.LITTLE_ENDIAN);
    small.putInt(4 * units);
    for (int i = 0; i < units; i++) {
      int unit = whole.getInt(4 + 4 * i);
      boolean leaf = unit < 0;
      small.putInt(leaf && (unit & 0x7fffffff) >= pool - 100 ? 0 : unit);
    }
    small.put(map, start, Math.min(pool - 1, map.length - start));
    return small.array();
  }

  private static byte[] spiece(byte[] map) {
    var file = new ByteArrayOutputStream();
    for (var piece : List.of("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]")) {
      piece(file, piece, 0, piece.equals("<unk>") ? 2 : 3);
    }
    piece(file, "\u2581user\u2581", 0, 4);
    for (char c = '!'; c <= '~'; c++) {
      piece(file, String.valueOf(c), -c, 1);
      piece(file, "\u2581" + c + "a", -2 * c, 1);
    }
    file.writeBytes(new byte[] {18, 5, 24, 1, (byte) 0xc0, 1, 0});
    var normalizer = new ByteArrayOutputStream();
    normalizer.write(18);
    varint(normalizer, map.length);
    normalizer.writeBytes(map);
    normalizer.writeBytes(new byte[] {24, 1, 32, 1, 40, 1});
    file.write(26);
    varint(file, normalizer.size());
    file.writeBytes(normalizer.toByteArray());
    return file.toByteArray();
  }

  private static void piece(ByteArrayOutputStream file, String text, float score, int kind) {
    byte[] bytes = text.getBytes(UTF_8);
    file.write(10);
    varint(file, bytes.length + 9);
    file.write(10);
    varint(file, bytes.length);
    file.writeBytes(bytes);
    file.write(21);
    file.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(score).array());
    file.writeBytes(new byte[] {24, (byte) kind});
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /** Every normalizer, decoder and section, around a model of byte pairs. */
  private static String everyStep() {
    return """
    {"version":"1.0",
    "truncation":{"direction":"Left","max_length":60,"strategy":"LongestFirst","stride":2},
    "padding":{"strategy":{"Fixed":12},"direction":"Left","pad_to_multiple_of":4,"pad_id":0,
    "pad_type_id":3,"pad_token":"<unk>"},
    "added_tokens":[{"id":4,"content":"<mask>","single_word":true,"lstrip":true,"rstrip":true,
    "normalized":true,"special":true},{"id":5,"content":"[MASK]","single_word":false,
    "lstrip":false,"rstrip":false,"normalized":false,"special":false}],
    "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"_"},
    {"type":"NFD"},{"type":"StripAccents"},{"type":"NFC"},{"type":"NFKD"},{"type":"NFKC"},
    {"type":"Lowercase"},{"type":"Strip","strip_left":true,"strip_right":true},{"type":"Nmt"},
    {"type":"Replace","pattern":{"String":"b"},"content":"cc"},
    {"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "},
    {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
    "strip_accents":null,"lowercase":true},{"type":"ByteLevel"}]},
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,
    "use_regex":true},
    "post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel","trim_offsets":true},
    {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},
    {"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},
    {"SpecialToken":{"id":"<s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],
    "special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}]},
    "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"_"},
    "content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ",
    "start":1,"stop":1},{"type":"BPEDecoder","suffix":"</w>"},{"type":"WordPiece",
    "prefix":"##","cleanup":true},{"type":"Metaspace","replacement":"_",
    "prepend_scheme":"first","split":true},{"type":"ByteLevel"}]},
    "model":{"type":"BPE","dropout":null,"unk_token":"<unk>","continuing_subword_prefix":"",
    "end_of_word_suffix":"","fuse_unk":true,"byte_fallback":true,"ignore_merges":false,
    "vocab":{"<unk>":0,"<pad>":11,"<s>":1,"a":2,"b":3,"ab":6,"c":7,"abc":8,"<0xC3>":9,"<0xA9>":10},
    "merges":["a b",["ab","c"]]}}\
    """;
  }

  /** Every pre-tokenizer, before a model of whole words. */
  private static String everyPreTokenizer() {
    return """
    {"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},
    {"type":"WhitespaceSplit"},{"type":"BertPreTokenizer"},
    {"type":"Digits","individual_digits":true},
    {"type":"Punctuation","behavior":"MergedWithPrevious"},
    {"type":"CharDelimiterSplit","delimiter":"-"},
    {"type":"Split","pattern":{"String":"ab"},"behavior":"MergedWithNext","invert":false},
    {"type":"Split","pattern":{"Regex":"\\\\d+"},"behavior":"Contiguous","invert":true},
    {"type":"Metaspace","replacement":"_","prepend_scheme":"always","split":true},
    {"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]},
    "post_processor":{"type":"RobertaProcessing","sep":["b",1],"cls":["a",0],
    "trim_offsets":true,"add_prefix_space":true},
    "model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"_a":1,"_9":2,"<pad>":3}}}\
    """;
  }
}
