package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.files.TokenizerClass.Source;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import io.lanewise.tokenizer.sentencepiece.SentencePieceFile;
import io.lanewise.tokenizer.slow.AlbertPipeline;
import io.lanewise.tokenizer.slow.AlbertRules;
import io.lanewise.tokenizer.slow.SentencePiecePipeline;
import io.lanewise.tokenizer.slow.SentencePieceRules;
import io.lanewise.tokenizer.slow.SlowVocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tokenizers from a SentencePiece model: ALBERT's, XLM-RoBERTa's, T5's and others. */
final class SentencePieceFiles implements VocabularySource {
  private static final String MASK = "<mask>";
  private static final List<String> CAMEMBERT_UNUSED =
      List.of("<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED");

  private final Path path;
  private final Source source;
  private final SentencePieceFile file;
  private final SentencePiece sentencePiece;
  private final TokenizerConfig config;
  private final Sampling sampling;
  private final boolean symbolsAreTokens;

  /**
   * @param sampling sampling of the slow tokenizer, null for the best segmentations
   * @param symbolsAreTokens whether user-defined symbols and control pieces are added tokens of the
   *     fast tokenizer, as in transformers since 4.40; otherwise they are treated like other pieces
   */
  SentencePieceFiles(
      Path folder,
      TokenizerClass type,
      TokenizerConfig config,
      Sampling sampling,
      boolean symbolsAreTokens) {
    this.path = folder.resolve(type.source().files().getFirst());
    this.source = type.source();
    this.file = SentencePiece.read(path);
    this.sentencePiece = new SentencePiece(file, path.getFileName().toString());
    this.config = config;
    this.sampling = sampling;
    this.symbolsAreTokens = symbolsAreTokens;
  }

  /** The pieces by their ids in the class. */
  @Override
  public String[] pieces() {
    var own = List.of(sentencePiece.pieces());
    var pieces = new ArrayList<String>(own.size() + 4);
    switch (source) {
      case XLM_ROBERTA -> {
        pieces.addAll(List.of("<s>", "<pad>", "</s>", "<unk>"));
        pieces.addAll(own.subList(Math.min(3, own.size()), own.size()));
        pieces.add(MASK);
      }
      case CAMEMBERT -> {
        pieces.addAll(java.util.Arrays.asList(null, null, null, null, null));
        pieces.addAll(own.subList(1, own.size()));
      }
      default -> pieces.addAll(own);
    }
    return pieces.toArray(String[]::new);
  }

  @Override
  public boolean listsById() {
    return source != Source.DEBERTA_V2;
  }

  /**
   * CamemBERT does not count the tokens that it puts before the pieces
   * (CamembertTokenizer.vocab_size in tokenization_camembert.py).
   */
  @Override
  public int size() {
    return source == Source.CAMEMBERT ? file.pieces().size() : pieces().length;
  }

  @Override
  public Map<Integer, DeclaredToken> ownTokens(TokenizerConfig config) {
    var own = new TreeMap<Integer, DeclaredToken>();
    if (source == Source.CAMEMBERT) {
      own.put(0, DeclaredToken.added("<s>NOTUSED").withSpecial(true));
      own.put(1, special("pad_token", "<pad>"));
      own.put(2, DeclaredToken.added("</s>NOTUSED").withSpecial(true));
      own.put(3, special("unk_token", "<unk>"));
      own.put(4, DeclaredToken.added("<unk>NOTUSED").withSpecial(true));
    }
    if (source == Source.T5) {
      int last = file.pieces().size() - 1 + extraIds();
      int count = extraTokens() == null ? extraIds() : extraTokens().size();
      for (int i = 0; i < count; i++) {
        own.put(last - i, new DeclaredToken(extraId(i), false, true, true, false, true, false));
      }
    }
    return own;
  }

  private DeclaredToken special(String role, String absent) {
    var token = config.roles().get(role);
    return token == null || token.bare()
        ? DeclaredToken.added(token == null ? absent : token.content()).withSpecial(true)
        : token;
  }

  @Override
  public List<DeclaredToken> additional(TokenizerConfig config) {
    return additional(source, config);
  }

  /**
   * The rule of {@code T5Tokenizer.__init__} (tokenization_t5.py) and similar classes for {@code
   * additional_special_tokens}.
   */
  static List<DeclaredToken> additional(Source source, TokenizerConfig config) {
    var given = config.additional();
    boolean named = !config.root().find("additional_special_tokens").node().isMissingNode();
    if (source == Source.CAMEMBERT && !named) {
      return CAMEMBERT_UNUSED.stream().map(DeclaredToken::bare).toList();
    }
    if (source != Source.T5) {
      return given;
    }
    int extraIds = extraIds(config);
    long extra = given == null ? 0 : given.stream().filter(SentencePieceFiles::isExtra).count();
    if (extra > 0) {
      if (extraIds > 0 && extraIds != extra) {
        throw new TokenizerException(
            config.root().where()
                + ": extra_ids is "
                + extraIds
                + ", and additional_special_tokens has "
                + extra
                + " of them: they must be as many");
      }
      return given;
    }
    var all = new ArrayList<DeclaredToken>();
    if (given != null) {
      all.addAll(given);
    }
    for (int i = 0; i < extraIds; i++) {
      all.add(DeclaredToken.bare(extraId(i)));
    }
    return all;
  }

  private static boolean isExtra(DeclaredToken token) {
    return token.content().contains("<extra_id_");
  }

  private static String extraId(int i) {
    return "<extra_id_" + i + ">";
  }

  private List<DeclaredToken> extraTokens() {
    var given = config.additional();
    return given == null ? null : given.stream().filter(SentencePieceFiles::isExtra).toList();
  }

  private int extraIds() {
    return extraIds(config);
  }

  private static int extraIds(TokenizerConfig config) {
    int ids = config.root().integer("extra_ids", 100);
    if (ids < 0 || ids > 1 << 20) {
      throw config.root().find("extra_ids").wrong("a number from 0 to 1048576");
    }
    return ids;
  }

  @Override
  public Pipeline slow(SlowVocabulary vocabulary, String unknown) {
    if (source == Source.ALBERT) {
      return new AlbertPipeline(sentencePiece, AlbertRules.of(config.root()), vocabulary, sampling);
    }
    return new SentencePiecePipeline(
        rules(), sentencePiece, pieces(), vocabulary, unknown, sampling);
  }

  private SentencePieceRules rules() {
    var root = config.root();
    boolean newer = source == Source.T5 && !root.bool("legacy", true);
    return new SentencePieceRules(
        source == Source.DEBERTA_V2 && root.bool("do_lower_case", false),
        source == Source.DEBERTA_V2 && root.bool("split_by_punct", false),
        newer,
        root.bool("add_prefix_space", true),
        source != Source.XLM_ROBERTA,
        source == Source.T5 || source == Source.DEBERTA_V2);
  }

  @Override
  public Conversion fast(String unknown) {
    var where = path.getFileName().toString();
    var conversion = new SentencePieceConversion(source, file, config.root(), where);
    var tokens = symbolsAreTokens ? conversion.tokens() : List.<DeclaredToken>of();
    var extra = source == Source.T5 ? extraIds() : 0;
    return new Conversion(
        conversion.normalizer(),
        conversion.preTokenizer(),
        conversion.model(extra),
        conversion.decoder(),
        null,
        tokens);
  }

  @Override
  public VocabularyWriter writer(boolean slow) {
    return new VocabularyWriter.Copy(path);
  }
}
