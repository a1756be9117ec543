package io.lanewise.task.span;

import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * From the probabilities of tokens to entities: {@code gather_pre_entities} and {@code aggregate}
 * of Hugging Face's {@code TokenClassificationPipeline}.
 *
 * @param labels what the probabilities stand for
 */
public record WordTags(Tokenizer tokenizer, List<String> labels, Aggregation aggregation) {

  /**
   * A token of the text.
   *
   * @param scores [labels]
   * @param index its place among all tokens, specials counted
   * @param inside whether it continues the word of the token before
   */
  private record Token(
      String word, float[] scores, int start, int end, int index, boolean inside) {}

  /**
   * The entities of one window of a text, from left to right.
   *
   * @param scores [tokens, labels], probabilities
   */
  public List<Entity> entities(Sentence sentence, Encoding encoding, float[][] scores) {
    var tokens = tokens(sentence, encoding, scores);
    return switch (aggregation) {
      case NONE -> tokens.stream().map(this::alone).toList();
      case SIMPLE -> grouped(tokens.stream().map(this::alone).toList());
      case FIRST, AVERAGE, MAX -> grouped(words(tokens));
    };
  }

  private List<Token> tokens(Sentence sentence, Encoding encoding, float[][] scores) {
    int unknown = tokenizer.specials().id("unk_token").orElse(-1);
    var tokens = new ArrayList<Token>();
    for (int i = 0; i < encoding.length(); i++) {
      if (encoding.specialTokensMask()[i] != 0) {
        continue;
      }
      int start = sentence.start(encoding, i);
      int end = sentence.end(encoding, i);
      int id = encoding.ids()[i];
      String word = tokenizer.token(id);
      boolean inside = false;
      if (!tokenizer.isSlow()) {
        String surface = sentence.text().substring(start, end);
        if (id == unknown) {
          word = surface;
        } else {
          inside = continues(sentence.text(), word, surface, start);
        }
      }
      tokens.add(new Token(word, scores[i], start, end, i, inside));
    }
    return tokens;
  }

  /** Where pieces are not marked, a token that no space stands before or at. */
  private boolean continues(String text, String word, String surface, int start) {
    if (tokenizer.marksPiecesInsideWords()) {
      return codePoints(word) != codePoints(surface);
    }
    boolean space =
        start > 0
            && (text.charAt(start - 1) == ' '
                || (start < text.length() && text.charAt(start) == ' '));
    return start > 0 && !space;
  }

  private Entity alone(Token token) {
    int best = largest(token.scores());
    return new Entity(
        labels.get(best),
        token.scores()[best],
        token.word(),
        token.start(),
        token.end(),
        token.index());
  }

  private List<Entity> words(List<Token> tokens) {
    var words = new ArrayList<Entity>();
    int from = 0;
    for (int i = 1; i <= tokens.size(); i++) {
      if (i == tokens.size() || !tokens.get(i).inside()) {
        words.add(word(tokens.subList(from, i)));
        from = i;
      }
    }
    return words;
  }

  private Entity word(List<Token> tokens) {
    float[] scores =
        switch (aggregation) {
          case AVERAGE -> mean(tokens);
          case MAX -> surest(tokens).scores();
          case NONE, SIMPLE, FIRST -> tokens.getFirst().scores();
        };
    int best = largest(scores);
    return new Entity(
        labels.get(best),
        scores[best],
        tokenizer.join(tokens.stream().map(Token::word).toList()),
        tokens.getFirst().start(),
        tokens.getLast().end(),
        Entity.NO_INDEX);
  }

  private static Token surest(List<Token> tokens) {
    var best = tokens.getFirst();
    for (var token : tokens) {
      if (token.scores()[largest(token.scores())] > best.scores()[largest(best.scores())]) {
        best = token;
      }
    }
    return best;
  }

  private static float[] mean(List<Token> tokens) {
    var mean = new float[tokens.getFirst().scores().length];
    for (var token : tokens) {
      for (int label = 0; label < mean.length; label++) {
        mean[label] += token.scores()[label];
      }
    }
    for (int label = 0; label < mean.length; label++) {
      mean[label] /= tokens.size();
    }
    return mean;
  }

  /** Puts neighbours of one kind together, unless the second says that it begins. */
  private List<Entity> grouped(List<Entity> entities) {
    var groups = new ArrayList<Entity>();
    int from = 0;
    for (int i = 1; i <= entities.size(); i++) {
      if (i == entities.size()
          || !continues(entities.get(i - 1).label(), entities.get(i).label())) {
        groups.add(group(entities.subList(from, i)));
        from = i;
      }
    }
    return groups;
  }

  private static boolean continues(String before, String label) {
    return !label.startsWith("B-") && kind(before).equals(kind(label));
  }

  private static String kind(String label) {
    return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
  }

  private Entity group(List<Entity> entities) {
    float sum = 0;
    for (var entity : entities) {
      sum += entity.score();
    }
    String label = entities.getFirst().label();
    return new Entity(
        label.substring(label.indexOf('-') + 1), // all of it where there is no hyphen
        sum / entities.size(),
        tokenizer.join(entities.stream().map(Entity::word).toList()),
        entities.getFirst().start(),
        entities.getLast().end(),
        Entity.NO_INDEX);
  }

  /**
   * Of entities that begin inside another, the longer, and of equally long ones the surer: {@code
   * aggregate_overlapping_entities}, which the windows of a long text are put together with.
   *
   * @param entities with places in UTF-16 units; lengths are compared in code points
   */
  public static List<Entity> withoutOverlaps(String text, List<Entity> entities) {
    if (entities.isEmpty()) {
      return entities;
    }
    var sorted = new ArrayList<>(entities);
    sorted.sort(Comparator.comparingInt(Entity::start));
    var kept = new ArrayList<Entity>();
    var last = sorted.getFirst();
    for (var entity : sorted.subList(1, sorted.size())) {
      if (last.start() <= entity.start() && entity.start() < last.end()) {
        int longer = Integer.compare(length(text, entity), length(text, last));
        if (longer > 0 || (longer == 0 && entity.score() > last.score())) {
          last = entity;
        }
      } else {
        kept.add(last);
        last = entity;
      }
    }
    kept.add(last);
    return kept;
  }

  private static int length(String text, Entity entity) {
    return text.codePointCount(entity.start(), entity.end());
  }

  private static int largest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
