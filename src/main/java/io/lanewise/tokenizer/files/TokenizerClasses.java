package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.files.TokenizerClass.Declares;
import io.lanewise.tokenizer.files.TokenizerClass.Frame;
import io.lanewise.tokenizer.files.TokenizerClass.Setting;
import io.lanewise.tokenizer.files.TokenizerClass.Source;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of tokenizer classes: the rules of each class, and the class of each model type.
 *
 * <p>Sources: {@code TOKENIZER_MAPPING_NAMES} in tokenization_auto.py, the classes in
 * tokenization_*.py and tokenization_*_fast.py, and convert_slow_tokenizer.py of transformers
 * 4.57.6.
 */
final class TokenizerClasses {
  private static final List<String> IDS = List.of("input_ids", "attention_mask");
  private static final List<String> TYPES =
      List.of("input_ids", "token_type_ids", "attention_mask");

  private static final Set<Setting> BASE = EnumSet.of(Setting.PREFIX_SPACE);
  private static final Set<Setting> BERT =
      EnumSet.of(Setting.PREFIX_SPACE, Setting.CASE_AND_ACCENTS, Setting.CHINESE);
  private static final Set<Setting> BERT_BUT_CHINESE =
      EnumSet.of(Setting.PREFIX_SPACE, Setting.CASE_AND_ACCENTS);
  private static final Set<Setting> ROBERTA = EnumSet.of(Setting.PREFIX_SPACE, Setting.OFFSETS);

  // The special tokens, in the order bos, eos, unk, sep, pad, cls, mask; - for none.
  private static final String BRACKETS = "- - [UNK] [SEP] [PAD] [CLS] [MASK]";
  private static final String BRACKETS_BOTH = "[CLS] [SEP] [UNK] [SEP] [PAD] [CLS] [MASK]";
  private static final String ANGLES = "<s> </s> <unk> </s> <pad> <s> <mask>";
  private static final String END_OF_TEXT = "<|endoftext|> <|endoftext|> <|endoftext|> - - - -";
  private static final String MIXED = "[CLS] [SEP] <unk> [SEP] <pad> [CLS] [MASK]";

  /** For a folder that names no class: its tokenizer.json is used unchanged. */
  static final TokenizerClass UNNAMED =
      new TokenizerClass(
          "",
          Source.JSON,
          Map.of(),
          Declares.NOTHING,
          Declares.NOTHING,
          Frame.GPT2,
          List.of(),
          Set.of());

  private static final Map<String, TokenizerClass> BY_NAME = new LinkedHashMap<>();
  private static final Map<String, String> BY_MODEL_TYPE = new HashMap<>();

  static {
    // WordPiece from vocab.txt.
    bert(
        "Bert",
        TYPES,
        "align bark bert blip bros chinese_clip ernie git grounding-dino"
            + " megatron-bert mm-grounding-dino nezha qdqbert tvp vilt visual_bert");
    bert("DistilBert", IDS, "distilbert");
    bert("Electra", TYPES, "electra");
    bert("MobileBert", TYPES, "mobilebert");
    bert("ConvBert", TYPES, "convbert");
    bert("LayoutLM", TYPES, "layoutlm");
    bert("Lxmert", TYPES, "lxmert");
    bert("RetriBert", IDS, "retribert");
    bert("SqueezeBert", TYPES, "squeezebert");
    bert("DPRQuestionEncoder", TYPES, "dpr");
    bert("DPRContextEncoder", TYPES, "");
    wordPiece(
        "Funnel",
        "<s> </s> <unk> <sep> <pad> <cls> <mask>",
        Declares.NOTHING,
        Frame.FUNNEL,
        TYPES,
        BERT,
        "funnel");
    wordPiece(
        "MPNet",
        "<s> </s> [UNK] </s> <pad> <s> <mask>",
        Declares.ALL,
        Frame.MPNET,
        IDS,
        BERT_BUT_CHINESE,
        "mpnet");

    // Byte-level BPE from vocab.json and merges.txt.
    bytePairs(
        "Roberta",
        ANGLES,
        Declares.MASK,
        Frame.ROBERTA,
        IDS,
        ROBERTA,
        "bridgetower clap data2vec-text ibert mega mra roberta roberta-prelayernorm");
    bytePairs("Longformer", ANGLES, Declares.MASK, Frame.ROBERTA, IDS, ROBERTA, "longformer");
    bytePairs("Bart", ANGLES, Declares.NORMALIZED_MASK, Frame.ROBERTA, IDS, ROBERTA, "bart");
    bytePairs("LED", ANGLES, Declares.NORMALIZED_MASK, Frame.ROBERTA, IDS, ROBERTA, "led");
    bytePairs("Mvp", ANGLES, Declares.ALL, Frame.ROBERTA, IDS, ROBERTA, "mvp");
    bytePairs(
        "Deberta",
        BRACKETS_BOTH,
        Declares.NOTHING,
        Frame.CLS_SEP,
        List.of("input_ids", "attention_mask", "token_type_ids"),
        BASE,
        "deberta");
    bytePairs(
        "GPT2",
        END_OF_TEXT,
        Declares.NOTHING,
        Frame.GPT2,
        IDS,
        BASE,
        "gpt2 gpt_bigcode gpt_neo gptj opt");

    // Unigram from a SentencePiece model.
    sentencePiece(
        "Albert",
        Source.ALBERT,
        MIXED,
        Declares.MASK,
        Frame.CLS_SEP,
        TYPES,
        "albert nystromformer yoso");
    sentencePiece(
        "XLMRoberta",
        Source.XLM_ROBERTA,
        ANGLES,
        Declares.MASK,
        Frame.FAIRSEQ,
        IDS,
        "xlm-roberta xlm-roberta-xl xmod kosmos-2 metaclip_2");
    sentencePiece(
        "Camembert", Source.CAMEMBERT, ANGLES, Declares.MASK, Frame.FAIRSEQ, IDS, "camembert");
    sentencePiece(
        "DebertaV2",
        Source.DEBERTA_V2,
        BRACKETS_BOTH,
        Declares.NORMALIZED_UNKNOWN,
        Frame.CLS_SEP,
        TYPES,
        "deberta-v2");
    sentencePiece(
        "T5",
        Source.T5,
        "- </s> <unk> - <pad> - -",
        Declares.ALL,
        Frame.T5,
        IDS,
        "longt5 switch_transformers t5 umt5 pix2struct");
    sentencePiece("MT5", Source.T5, "- </s> <unk> - <pad> - -", Declares.ALL, Frame.T5, IDS, "mt5");

    // Classes that are refused by name, because they need more than these rules.
    refused("BertJapanese", "bert-japanese");
    refused("RoFormer", "roformer");
    refused("Luke", "luke");
    refused("MLuke", "mluke");
    refused("MBart", "mbart");
    refused("ProphetNet", "prophetnet");
    refused("Llama", "llama");

    // From tokenizer.json only; their fast classes add only their special tokens.
    json(
        "PreTrained",
        "- - - - - - -",
        Declares.NOTHING,
        TYPES,
        "bitnet glm helium modernbert moonshine nemotron smollm3");
    // The name of the same class in transformers 5.
    BY_NAME.put("TokenizersBackend", BY_NAME.get("PreTrainedTokenizer"));
    json("BigBird", "<s> </s> <unk> [SEP] <pad> [CLS] [MASK]", Declares.ALL, IDS, "big_bird");
    json("Barthez", ANGLES, Declares.MASK, IDS, "barthez");
    json("Herbert", "- - <unk> </s> <pad> <s> <mask>", Declares.NOTHING, TYPES, "herbert");
    json("RemBert", MIXED, Declares.MASK, TYPES, "rembert");
    json("Reformer", "- </s> <unk> - - - -", Declares.NOTHING, IDS, "reformer");
    json("OpenAIGPT", "- - <unk> - - - -", Declares.NOTHING, IDS, "openai-gpt");
  }

  private TokenizerClasses() {}

  /** The class with this name, slow or fast; null if it is not in the table. */
  static TokenizerClass named(String name) {
    return BY_NAME.get(slow(name));
  }

  /** Whether it is the base class of all fast tokenizers, which has no slow class. */
  static boolean isBase(TokenizerClass type) {
    return type.name().equals("PreTrainedTokenizer");
  }

  /** The name without Fast, the key for fast and slow classes. */
  private static String slow(String name) {
    return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
  }

  /** The name of a model type's class; null if it is not in the table. */
  static String ofModelType(String type) {
    return BY_MODEL_TYPE.get(type);
  }

  private static void bert(String name, List<String> inputs, String types) {
    wordPiece(name, BRACKETS, Declares.NOTHING, Frame.BERT, inputs, BERT, types);
  }

  private static void wordPiece(
      String name,
      String specials,
      Declares declares,
      Frame frame,
      List<String> inputs,
      Set<Setting> settings,
      String types) {
    add(name, Source.WORD_PIECE, specials, declares, declares, frame, inputs, settings, types);
  }

  /** Their slow classes declare every special token. */
  private static void bytePairs(
      String name,
      String specials,
      Declares fast,
      Frame frame,
      List<String> inputs,
      Set<Setting> settings,
      String types) {
    add(name, Source.BYTE_PAIRS, specials, Declares.ALL, fast, frame, inputs, settings, types);
  }

  private static void sentencePiece(
      String name,
      Source source,
      String specials,
      Declares slow,
      Frame frame,
      List<String> inputs,
      String types) {
    var fast = slow == Declares.MASK ? Declares.MASK : Declares.NOTHING;
    add(name, source, specials, slow, fast, frame, inputs, BASE, types);
  }

  private static void json(
      String name, String specials, Declares declares, List<String> inputs, String types) {
    add(name, Source.JSON, specials, Declares.NOTHING, declares, Frame.GPT2, inputs, BASE, types);
  }

  private static void refused(String name, String type) {
    BY_MODEL_TYPE.put(type, name + "Tokenizer");
  }

  private static void add(
      String name,
      Source source,
      String specials,
      Declares slow,
      Declares fast,
      Frame frame,
      List<String> inputs,
      Set<Setting> settings,
      String types) {
    var roles = new LinkedHashMap<String, String>();
    var contents = new ArrayList<>(List.of(specials.split(" ", -1)));
    for (int i = 0; i < contents.size(); i++) {
      if (!contents.get(i).equals("-")) {
        roles.put(TokenizerConfig.ROLES.get(i), contents.get(i));
      }
    }
    String whole = name + "Tokenizer";
    BY_NAME.put(
        whole, new TokenizerClass(whole, source, roles, slow, fast, frame, inputs, settings));
    for (String type : types.split(" ", -1)) {
      if (!type.isEmpty()) {
        BY_MODEL_TYPE.put(type, whole);
      }
    }
  }
}
