package io.lanewise.tokenizer.sentencepiece;

import java.util.ArrayList;

/**
 * The priority queue of an A* search. It is a binary heap with the same operations as C++'s {@code
 * std::priority_queue}, so that hypotheses of equal priority come in the same order as in
 * SentencePiece (Lattice::NBest in unigram_model.cc).
 */
final class Agenda {
  private static final int LARGEST = 10_000;
  private static final int SHRUNK = 512;

  /**
   * A partial path from a node to the end.
   *
   * @param node the node
   * @param next the rest of the path; null at the end
   * @param promise the best score of a whole path with this end
   * @param behind the score of the partial path, including the node
   */
  record Hypothesis(int node, Hypothesis next, float promise, float behind) {}

  private ArrayList<Hypothesis> heap = new ArrayList<>();

  boolean isEmpty() {
    return heap.isEmpty();
  }

  void push(Hypothesis hypothesis) {
    heap.add(hypothesis);
    rise(heap.size() - 1, hypothesis);
  }

  private void rise(int from, Hypothesis hypothesis) {
    int hole = from;
    while (hole > 0 && heap.get((hole - 1) / 2).promise() < hypothesis.promise()) {
      heap.set(hole, heap.get((hole - 1) / 2));
      hole = (hole - 1) / 2;
    }
    heap.set(hole, hypothesis);
  }

  /** Removes the top: the hole moves down to a leaf, the last element is put there and moves up. */
  Hypothesis pop() {
    var top = heap.getFirst();
    var last = heap.removeLast();
    int size = heap.size();
    if (size == 0) {
      return top;
    }
    int hole = 0;
    int child = 2;
    while (child < size) {
      if (heap.get(child).promise() < heap.get(child - 1).promise()) {
        child--;
      }
      heap.set(hole, heap.get(child));
      hole = child;
      child = 2 * hole + 2;
    }
    if (child == size) {
      heap.set(hole, heap.get(child - 1));
      hole = child - 1;
    }
    rise(hole, last);
    return top;
  }

  /** Drops the worst hypotheses of a search that has grown too large. */
  void shrink(int wanted) {
    if (heap.size() < LARGEST) {
      return;
    }
    var kept = new Agenda();
    int size = Math.min(SHRUNK, wanted * 10);
    for (int i = 0; i < size; i++) {
      kept.push(pop());
    }
    heap = kept.heap;
  }
}
