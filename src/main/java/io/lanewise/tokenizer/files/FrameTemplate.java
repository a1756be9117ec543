package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.pipeline.Template;
import io.lanewise.tokenizer.pipeline.Template.Part;
import io.lanewise.tokenizer.pipeline.Template.Sequence;
import io.lanewise.tokenizer.pipeline.Template.Special;
import io.lanewise.tokenizer.slow.SlowVocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The special tokens that a class adds to texts, if there is no tokenizer.json: {@code
 * build_inputs_with_special_tokens} of the slow class, or the post-processor of the conversion
 * (convert_slow_tokenizer.py). Both use the ids of the slow tokenizer.
 */
final class FrameTemplate {
  private final TokenizerClass type;
  private final Map<String, DeclaredToken> roles;
  private final SlowVocabulary ids;

  /**
   * @param roles the special tokens by role
   */
  FrameTemplate(TokenizerClass type, Map<String, DeclaredToken> roles, SlowVocabulary ids) {
    this.type = type;
    this.roles = roles;
    this.ids = ids;
  }

  Template of(boolean slow, JsonPart config) {
    return switch (type.frame()) {
      case BERT -> Template.bert(role("cls_token"), role("sep_token"));
      case FUNNEL -> funnel(role("cls_token"), role("sep_token"));
      case CLS_SEP ->
          slow
              ? Template.bert(role("cls_token"), role("sep_token"))
              : Template.bert(token("[CLS]"), token("[SEP]"));
      case ROBERTA -> Template.roberta(role("cls_token"), role("sep_token"));
      case FAIRSEQ ->
          slow
              ? Template.roberta(role("cls_token"), role("sep_token"))
              : Template.roberta(token("<s>"), token("</s>"));
      case MPNET -> {
        var template = Template.roberta(role("cls_token"), role("sep_token"));
        yield slow ? template : new Template(template.single(), second(template.pair()));
      }
      case T5 -> ends(slow ? role("eos_token") : token("</s>"));
      case GPT2 -> begins(slow, config.bool("add_bos_token", false));
    };
  }

  private int role(String role) {
    var token = roles.get(role);
    int id = token == null ? -1 : ids.id(token.content());
    if (id < 0) {
      throw new TokenizerException(
          type.name() + " puts its " + role + " around texts, and the files say that it has none");
    }
    return id;
  }

  /** The id of a token with a fixed text; that of the unknown token if the vocabulary lacks it. */
  private int token(String content) {
    int id = ids.id(content);
    return id < 0 ? role("unk_token") : id;
  }

  private static Template funnel(int cls, int sep) {
    var bert = Template.bert(cls, sep);
    return new Template(withFirst(cls, bert.single()), withFirst(cls, bert.pair()));
  }

  private static List<Part> withFirst(int cls, List<Part> parts) {
    var changed = new ArrayList<>(parts);
    changed.set(0, new Special(cls, 2));
    return changed;
  }

  /** Gives type 1 to the second text and to the tokens after it. */
  private static List<Part> second(List<Part> pair) {
    var parts = new ArrayList<>(pair);
    int last = parts.size() - 1;
    parts.set(last - 1, new Sequence(1, 1));
    if (parts.get(last) instanceof Special(int id, _)) {
      parts.set(last, new Special(id, 1));
    }
    return parts;
  }

  private static Template ends(int eos) {
    List<Part> single = List.of(new Sequence(0, 0), new Special(eos, 0));
    var pair = new ArrayList<>(single);
    pair.add(new Sequence(1, 0));
    pair.add(new Special(eos, 0));
    return new Template(single, pair);
  }

  private Template begins(boolean slow, boolean wanted) {
    if (!wanted) {
      return Template.BARE;
    }
    var bos = new Special(role("bos_token"), 0);
    List<Part> single = List.of(bos, new Sequence(0, 0));
    var pair = new ArrayList<>(single);
    if (slow) {
      pair.add(bos);
    }
    pair.add(new Sequence(1, 1));
    return new Template(single, pair);
  }
}
