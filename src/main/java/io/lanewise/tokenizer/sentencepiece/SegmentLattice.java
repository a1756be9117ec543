package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.subword.CharTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The lattice of all segmentations of a text, for the n best of them, for sampling, and for their
 * entropy (Kudo, "Subword Regularization", 2018; forward filtering and backward sampling; Lattice
 * in SentencePiece's unigram_model.cc).
 *
 * <p>Nodes are in SentencePiece's order: by their start, then from short to long. Scores are
 * floats, as there.
 */
final class SegmentLattice {
  /** The positions before the first node and after the last one. */
  private static final int START = -1;

  private static final int END = -2;

  /** The nodes: start, end, piece and log probability of each. */
  private int[] from = new int[64];

  private int[] to = new int[64];
  private int[] id = new int[64];
  private float[] score = new float[64];
  private int count;

  /** For each position the nodes that end there: [first[p], first[p + 1]) of the sorted list. */
  private final int[] first;

  private final int[] ending;
  private final int length;

  SegmentLattice(SentencePieceModel model, char[] chars, int length) {
    this.length = length;
    for (int at = 0; at < length; ) {
      int single = Character.charCount(Character.codePointAt(chars, at, length));
      boolean found = false;
      int state = CharTrie.ROOT;
      for (int end = at; end < length; ) {
        state = model.trie.step(state, chars[end]);
        if (state == CharTrie.DEAD) {
          break;
        }
        end++;
        int piece = model.trie.value(state);
        if (piece != CharTrie.NONE) {
          add(at, end, piece, model.scores[piece]);
          found |= end - at == single;
        }
      }
      if (!found) {
        add(at, at + single, model.unknown, model.unknownScore);
      }
      at += single;
    }
    first = new int[length + 2];
    for (int node = 0; node < count; node++) {
      first[to[node] + 1]++;
    }
    for (int p = 0; p <= length; p++) {
      first[p + 1] += first[p];
    }
    ending = new int[count];
    int[] next = first.clone();
    for (int node = 0; node < count; node++) {
      ending[next[to[node]]++] = node;
    }
  }

  private void add(int begin, int end, int piece, float logProbability) {
    if (count == from.length) {
      from = Arrays.copyOf(from, count * 2);
      to = Arrays.copyOf(to, count * 2);
      id = Arrays.copyOf(id, count * 2);
      score = Arrays.copyOf(score, count * 2);
    }
    from[count] = begin;
    to[count] = end;
    id[count] = piece;
    score[count] = logProbability;
    count++;
  }

  /** A path: the nodes from the start to the end. */
  record Path(List<Node> nodes, float score) {
    Path {
      nodes = List.copyOf(nodes);
    }

    /** Reports the pieces in order; consecutive unknown pieces as one. */
    void report(int unknown, SentencePieceSearch.Listener listener) {
      for (int i = 0; i < nodes.size(); i++) {
        var node = nodes.get(i);
        int end = node.to();
        if (node.id() == unknown) {
          while (i + 1 < nodes.size() && nodes.get(i + 1).id() == unknown) {
            i++;
            end = nodes.get(i).to();
          }
        }
        listener.piece(node.id(), node.from(), end);
      }
    }
  }

  /** A piece between two positions. */
  record Node(int from, int to, int id) {}

  private Node node(int index) {
    return new Node(from[index], to[index], id[index]);
  }

  /** The best paths, the best first: A* from the end, with the best score from the start. */
  List<Path> best(int most) {
    if (most < 1 || most > 512) {
      throw new IllegalArgumentException("give a count of 1 to 512, not " + most);
    }
    float[] upTo = bestUpTo();
    var agenda = new Agenda();
    agenda.push(new Agenda.Hypothesis(END, null, 0, 0));
    var paths = new ArrayList<Path>();
    while (!agenda.isEmpty() && paths.size() < most) {
      var top = agenda.pop();
      if (top.node() == START) {
        paths.add(path(top));
        continue;
      }
      int at = top.node() == END ? length : from[top.node()];
      if (at == 0) {
        agenda.push(new Agenda.Hypothesis(START, top, top.behind(), top.behind()));
      }
      for (int i = first[at]; i < first[at + 1]; i++) {
        int node = ending[i];
        agenda.push(
            new Agenda.Hypothesis(
                node, top, upTo[node] + top.behind(), score[node] + top.behind()));
      }
      agenda.shrink(most);
    }
    return paths;
  }

  private Path path(Agenda.Hypothesis start) {
    var nodes = new ArrayList<Node>();
    for (var way = start.next(); way.node() != END; way = way.next()) {
      nodes.add(node(way.node()));
    }
    return new Path(nodes, start.promise());
  }

  /** For each node the best score of a path from the start to its end. */
  private float[] bestUpTo() {
    var best = new float[length + 1];
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
    best[0] = 0;
    var upTo = new float[count];
    for (int node = 0; node < count; node++) {
      upTo[node] = best[from[node]] + score[node];
      best[to[node]] = Math.max(best[to[node]], upTo[node]);
    }
    return upTo;
  }

  Path draw(Sampling sampling, SplittableRandom random) {
    return sampling.nbestSize() > 0
        ? drawOfBest(sampling.nbestSize(), sampling.alpha(), random)
        : drawOfAll(sampling.alpha(), random);
  }

  private Path drawOfBest(int most, double alpha, SplittableRandom random) {
    var paths = best(most);
    var weights = new double[paths.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = alpha * paths.get(i).score();
    }
    return paths.get(draw(weights, weights.length, random));
  }

  private Path drawOfAll(double alpha, SplittableRandom random) {
    double[] forward = forward(alpha);
    var nodes = new ArrayList<Node>();
    double sum = 0;
    for (int at = length; at > 0; ) {
      int ways = first[at + 1] - first[at];
      var weights = new double[ways];
      for (int i = 0; i < ways; i++) {
        int node = ending[first[at] + i];
        weights[i] = forward[from[node]] + alpha * score[node];
      }
      int node = ending[first[at] + draw(weights, ways, random)];
      nodes.add(node(node));
      sum += score[node];
      at = from[node];
    }
    return new Path(nodes.reversed(), (float) sum);
  }

  /** Samples an index with probabilities proportional to the exponentials of the weights. */
  private static int draw(double[] weights, int count, SplittableRandom random) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, weights[i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp(weights[i] - most);
      sum += weights[i];
    }
    double left = random.nextDouble() * sum;
    for (int i = 0; i < count - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return count - 1;
  }

  /** For each position the logarithm of the sum of exp(alpha · score) over all paths to it. */
  private double[] forward(double alpha) {
    var sums = new double[length + 1];
    Arrays.fill(sums, Double.NEGATIVE_INFINITY);
    sums[0] = 0;
    for (int node = 0; node < count; node++) {
      sums[to[node]] = logAdd(sums[to[node]], sums[from[node]] + alpha * score[node]);
    }
    return sums;
  }

  private static double logAdd(double a, double b) {
    double most = Math.max(a, b);
    return most == Double.NEGATIVE_INFINITY
        ? most
        : most + Math.log1p(Math.exp(Math.min(a, b) - most));
  }

  /**
   * −Σ p ln p over all paths, by the chain rule from the end. Computed in floats as in
   * SentencePiece, because its rounding changes the fifth decimal.
   */
  double entropy(double alpha) {
    float theta = (float) alpha;
    var sums = new float[length + 1];
    var entropy = new float[length + 1];
    for (int at = 1; at <= length; at++) {
      for (int i = first[at]; i < first[at + 1]; i++) {
        int node = ending[i];
        float way = theta * score[node] + sums[from[node]];
        sums[at] = i == first[at] ? way : (float) logAdd(sums[at], way);
      }
      for (int i = first[at]; i < first[at + 1]; i++) {
        int node = ending[i];
        float log = sums[from[node]] + theta * score[node] - sums[at];
        entropy[at] += (float) Math.exp(log) * (entropy[from[node]] + log);
      }
    }
    return -entropy[length];
  }
}
