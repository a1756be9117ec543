package io.lanewise.generate;

import io.lanewise.generate.Candidates.Candidate;
import io.lanewise.generate.Generated.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Several sequences of each input at once: of all continuations of its beams the best go on, and
 * those that end are put aside, until they are good enough (Graves 2012; Wu et al. 2016 for the
 * length penalty). With sampling the continuations are drawn by their scores, not ranked by them.
 * What counts as good enough is up to {@link BeamHypotheses}.
 *
 * <p>The decoder reads a prompt once: beams part with the first token that follows it. An input
 * that is done leaves the batch.
 */
final class BeamSearch {
  /**
   * An open sequence.
   *
   * @param sum of the log-probabilities of what was generated
   */
  private record Beam(int[] tokens, float sum) {}

  /** One input's part of the search. */
  private final class Search {
    private final int input;
    private final BeamHypotheses ended =
        new BeamHypotheses(plan.config().beams(), plan.prompt(), plan.most());
    private final Draw draw = plan.draw(0);
    private List<Beam> beams;
    private boolean done;

    Search(int input) {
      this.input = input;
      beams = List.of(new Beam(plan.prompts()[input], 0));
    }

    /**
     * Goes one token on.
     *
     * @param scores log-probabilities of the whole batch
     * @param first row of this input's beams in it
     * @param from takes the rows whose beams go on, in the order of the new ones
     */
    void advance(float[][] scores, int first, List<Integer> from) {
      var candidates = best(scores, first);
      if (candidates.isEmpty()) { // the last place stays empty
        close(Ending.LENGTH);
        done = true;
        return;
      }
      int length = beams.getFirst().tokens.length + 1;
      var next = new ArrayList<Beam>();
      for (int rank = 0; rank < candidates.size() && next.size() < count; rank++) {
        var candidate = candidates.get(rank);
        var tokens = StepwiseSearch.appended(beams.get(candidate.beam()).tokens, candidate.token());
        var ending = plan.ending(tokens);
        if (ending == null) {
          next.add(new Beam(tokens, candidate.score()));
          from.add(first + candidate.beam());
        } else if (rank < count) {
          ended.add(tokens, candidate.score(), ending);
        }
      }
      beams = next;
      done = beams.isEmpty() || ended.isDone(hope(candidates.getFirst()), length);
      if (done) {
        from.subList(from.size() - next.size(), from.size()).clear();
      } else if (length == plan.most()) {
        close(Ending.LENGTH);
      }
    }

    /**
     * The sum that open beams may come to. In transformers 4.37 continuations that end count to
     * them. Where the settings raise scores these would be the best for ever, so that 4.57's rule
     * is taken there: the best of those that go on.
     */
    private float hope(Candidate best) {
      return plan.raisesScores() ? beams.getFirst().sum : best.score();
    }

    /** Puts the open beams aside as they are. */
    void close(Ending ending) {
      beams.forEach(beam -> ended.add(beam.tokens, beam.sum, ending));
    }

    /** One of each end token for each beam, and another, so that enough are left. */
    private List<Candidate> best(float[][] scores, int first) {
      int ends = plan.config().tokens().ends().size();
      var candidates = new Candidates(Math.multiplyExact(Math.max(2, 1 + ends), count), draw);
      boolean left = true;
      for (int i = 0; i < beams.size(); i++) {
        var beam = beams.get(i);
        var written = plan.written(input, i, beam.tokens);
        var ruled = plan.ruled(written, scores[first + i]);
        candidates.offer(i, beam.sum, ruled);
        left &= plan.leavesLastPlace(beam.tokens, ruled);
      }
      var best = candidates.best();
      if (best.isEmpty() && !left) {
        throw Plan.nothingFollows(beams.getFirst().tokens);
      }
      return best;
    }
  }

  private final Plan plan;
  private final BooleanSupplier cancelled;
  private final int count;
  private final List<Search> searches = new ArrayList<>();

  private BeamSearch(Plan plan, BooleanSupplier cancelled) {
    this.plan = plan;
    this.cancelled = cancelled;
    this.count = plan.config().beams().count();
    for (int input = 0; input < plan.prompts().length; input++) {
      searches.add(new Search(input));
    }
  }

  /**
   * Generates until all inputs are done.
   *
   * @param cancelled asked between steps; true ends everything, with the open beams as they are
   */
  static Generated run(Plan plan, Continuation model, BooleanSupplier cancelled) {
    var search = new BeamSearch(plan, cancelled);
    search.run(model);
    int returned = plan.config().beams().returned();
    var results = search.searches.stream().map(each -> each.ended.best(returned)).toList();
    return new Generated(results, plan.config().tokens().padding(), List.of());
  }

  private void run(Continuation model) {
    var live = new ArrayList<>(searches);
    if (cancelled.getAsBoolean()) {
      live.forEach(search -> search.close(Ending.CANCELLED));
      return;
    }
    var scores = model.nextLogProbabilities(plan.prompts());
    plan.checkIds(scores[0].length);
    for (int length = plan.prompt(); ; ) {
      var from = new ArrayList<Integer>();
      int row = 0;
      for (var search : live) {
        int beams = search.beams.size();
        search.advance(scores, row, from);
        row += beams;
      }
      live.removeIf(search -> search.done);
      if (live.isEmpty() || ++length == plan.most()) {
        return;
      }
      boolean late = plan.isLate();
      if (late || cancelled.getAsBoolean()) {
        live.forEach(search -> search.close(late ? Ending.TIME : Ending.CANCELLED));
        return;
      }
      model.select(from.stream().mapToInt(Integer::intValue).toArray());
      scores = model.nextLogProbabilities(last(live, length - 1));
    }
  }

  private static int[][] last(List<Search> live, int at) {
    return live.stream()
        .flatMap(search -> search.beams.stream())
        .map(beam -> new int[] {beam.tokens[at]})
        .toArray(int[][]::new);
  }
}
