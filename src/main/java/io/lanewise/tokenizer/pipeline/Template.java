package io.lanewise.tokenizer.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * The special tokens around one text, and around two ({@code TemplateProcessing} of
 * processors/template.rs in Hugging Face's tokenizers library).
 *
 * @param single the parts for one text
 * @param pair the parts for two
 */
public record Template(List<Part> single, List<Part> pair) {
  public Template {
    single = List.copyOf(single);
    pair = List.copyOf(pair);
  }

  /** A part: a text or a special token. */
  public sealed interface Part {
    /** The token type id of all its tokens. */
    int typeId();
  }

  /** The place of the first (0) or second (1) text. */
  public record Sequence(int index, int typeId) implements Part {}

  /** A token that the template adds. */
  public record Special(int id, int typeId) implements Part {}

  /** No special tokens at all. */
  public static final Template BARE =
      new Template(List.of(new Sequence(0, 0)), List.of(new Sequence(0, 0), new Sequence(1, 1)));

  /** The number of tokens it adds to one text, or to two. */
  public int added(boolean withPair) {
    int count = 0;
    for (var part : withPair ? pair : single) {
      count += part instanceof Special ? 1 : 0;
    }
    return count;
  }

  /** BERT's and ALBERT's: {@code [CLS] A [SEP]}, {@code [CLS] A [SEP] B [SEP]}. */
  public static Template bert(int cls, int sep) {
    var single = List.of(new Special(cls, 0), new Sequence(0, 0), new Special(sep, 0));
    var pair = new ArrayList<Part>(single);
    pair.add(new Sequence(1, 1));
    pair.add(new Special(sep, 1));
    return new Template(List.copyOf(single), pair);
  }

  /** RoBERTa's: {@code <s> A </s>}, {@code <s> A </s></s> B </s>}, all of type 0. */
  public static Template roberta(int cls, int sep) {
    var single = List.of(new Special(cls, 0), new Sequence(0, 0), new Special(sep, 0));
    var pair = new ArrayList<Part>(single);
    pair.add(new Special(sep, 0));
    pair.add(new Sequence(1, 0));
    pair.add(new Special(sep, 0));
    return new Template(List.copyOf(single), pair);
  }
}
