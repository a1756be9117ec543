package io.lanewise.family.head;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.kernel.Activation;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pooler;
import io.lanewise.nn.WordScores;
import java.lang.foreign.MemorySegment;

/**
 * What the heads of a model are loaded from, when its body is loaded.
 *
 * @param source settings and weights
 * @param base the place of the model without head, such as {@code bert}
 * @param hidden features of a state
 * @param epsilon of the heads' layer norms
 * @param words the word embeddings
 * @param wordsName their whole name, such as {@code bert.embeddings.word_embeddings}
 * @param tied whether the words of the output are those of the input
 */
public record HeadSource(
    LayerSource source,
    Weights base,
    int hidden,
    float epsilon,
    EmbeddingTable words,
    String wordsName,
    boolean tied) {
  /** The same for a family with BERT's settings. */
  public HeadSource(
      LayerSource source, Weights base, BertConfig config, EmbeddingTable words, String wordsName) {
    this(source, base, config.hidden(), config.epsilon(), words, wordsName, config.tied());
  }

  /** {@code hidden_act}, which some heads use too. */
  public Activation activation(String absent) {
    return FamilySettings.activation(source.config(), absent);
  }

  /** One linear layer of the head, from a state. */
  public Linear linear(int outputs, String name) {
    return Linear.load(source.packing(), hidden, outputs, source.head().at(name));
  }

  /** The first token through a pooler that is part of the base, such as {@code pooler.dense}. */
  public SequenceVector pooler(String name) {
    return pooler(base.at(name), Activation.TANH);
  }

  /** The first token through a pooler of the head's own, such as {@code classifier.dense}. */
  public SequenceVector ownPooler(String name) {
    return ownPooler(name, Activation.TANH);
  }

  /** The same with another activation than {@code tanh}. */
  public SequenceVector ownPooler(String name, Activation activation) {
    return pooler(source.head().at(name), activation);
  }

  /** It belongs to the head, even inside the base: other heads do without it. */
  private SequenceVector pooler(Weights at, Activation activation) {
    var dense = at.allowNew(source.mayMake());
    return new SequenceVector.FirstToken(Pooler.load(source.packing(), hidden, activation, dense));
  }

  /** No head, and no pooler. */
  public HeadLayers.None none() {
    return new HeadLayers.None(null);
  }

  /**
   * No head, and a pooler if somebody wants it and the file has one. Where the file has none,
   * Hugging Face makes one from random numbers, and its output means nothing; here that is only
   * done for who asks with {@link io.lanewise.model.Options#withAllowNewHead}.
   */
  public HeadLayers.None none(String pooler) {
    var at = base.at(pooler);
    boolean stored = at.has("weight") || at.has("bias");
    if (!source.wantsPooler()) {
      at.skip("weight");
      at.skip("bias");
    }
    boolean pools = source.wantsPooler() && (stored || source.mayMake());
    return new HeadLayers.None(pools ? pooler(at, Activation.TANH) : null);
  }

  /** A label for a sequence. */
  public SequenceHeads.Sequence sequence(SequenceVector vector, String classifier) {
    return sequence(vector, classifier, 2);
  }

  /**
   * The same where the config class has another number of labels.
   *
   * @param absent labels where the config names none
   */
  public SequenceHeads.Sequence sequence(SequenceVector vector, String classifier, int absent) {
    var problemType = source.config().problemType().orElse(null);
    int labels = source.config().labelCount(absent);
    return new SequenceHeads.Sequence(vector, linear(labels, classifier), problemType);
  }

  /** One of several sequences. */
  public SequenceHeads.Choice choice(SequenceVector vector, String classifier) {
    return new SequenceHeads.Choice(vector, linear(1, classifier));
  }

  /** A label for each token. */
  public TokenHeads.Token token(String classifier) {
    return new TokenHeads.Token(linear(labels(), classifier));
  }

  /** The start and the end of an answer. */
  public TokenHeads.Span span(String outputs) {
    return new TokenHeads.Span(linear(2, outputs));
  }

  /** The labels of a classification. */
  public int labels() {
    return source.config().labelCount(2);
  }

  /**
   * Scores of the words: a layer to the size of the embeddings, an activation, a norm, and the
   * projection of {@link #scores}, as in {@code BertLMPredictionHead}.
   *
   * @param place of the head
   * @param dense its first layer, inside the place
   * @param norm likewise
   */
  public TokenHeads.MaskedLm words(String place, String dense, Activation activation, String norm) {
    return words(place, dense, activation, norm, "decoder", "bias");
  }

  /**
   * The same where the projection has another name.
   *
   * @param decoder as in {@link #scores}
   * @param bias likewise
   */
  public TokenHeads.MaskedLm words(
      String place, String dense, Activation activation, String norm, String decoder, String bias) {
    return words(source.head().at(place), dense, activation, norm, decoder, bias);
  }

  /**
   * The same where the parts of the head stand beside the base.
   *
   * @param at their place
   */
  public TokenHeads.MaskedLm words(
      Weights at, String dense, Activation activation, String norm, String decoder, String bias) {
    int embedding = words.table().columns();
    return new TokenHeads.MaskedLm(
        Linear.load(source.packing(), hidden, embedding, at.at(dense)),
        activation,
        LayerNorm.load(embedding, epsilon, at.at(norm)),
        scores(source.packing(), at, decoder, bias));
  }

  /**
   * The projection to the words of the vocabulary. Its weight is the word embeddings themselves
   * where the two are tied, and what a file holds under its name is not read, as in Hugging Face 4
   * ({@code PreTrainedModel.tie_weights}).
   *
   * @param packing of the projection
   * @param at the place of the head
   * @param decoder the layer with the {@code weight}, such as {@code decoder}
   * @param bias {@code bias} where it stands beside the layer, and old files have it inside; {@code
   *     decoder.bias} where it stands inside
   */
  public WordScores scores(Packing packing, Weights at, String decoder, String bias) {
    int vocabulary = words.table().rows();
    var inside = decoder + ".bias";
    boolean old = !bias.equals(inside) && at.has(inside) && !at.has(bias);
    var place = old ? at.at(decoder, "") : at;
    var biases = place.vector(bias, vocabulary, Weights.Init.ZEROS);
    if (!old && !bias.equals(inside)) {
      at.skip(inside);
    }
    return scores(packing, at.at(decoder), biases);
  }

  /**
   * The same with a bias from elsewhere.
   *
   * @param at the place of the {@code weight}
   */
  public WordScores scores(Packing packing, Weights at, MemorySegment bias) {
    if (tied) {
      at.tied("weight", wordsName + ".weight");
      var scores = WordScores.of(packing, words.table(), bias);
      at.release(words.table());
      return scores;
    }
    try (var scratch = Packing.scratch()) {
      var weight = at.borrow("weight", words.table().rows(), words.table().columns(), scratch);
      var scores = WordScores.of(packing, weight, bias);
      at.release(weight);
      return scores;
    }
  }
}
