package io.lanewise.generate;

import io.lanewise.generate.Candidates.Candidate;
import io.lanewise.generate.Generated.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Beam search (Graves 2012; Wu et al. 2016 for the length penalty): several sequences of each input
 * at the same time. The best continuations of all beams become the next beams, and ended sequences
 * are kept until the search is over; {@link BeamHypotheses} decides when. With sampling the
 * continuations are sampled by their scores instead of ranked.
 *
 * <p>The decoder reads a prompt once; beams differ from the first generated token on. A finished
 * input is removed from the batch.
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
     * Adds one token to each beam.
     *
     * @param scores log-probabilities of the whole batch
     * @param first row of this input's beams in it
     * @param from receives the row of each new beam's origin
     */
    void advance(float[][] scores, int first, List<Integer> from) {
      var candidates = best(scores, first);
      if (candidates.isEmpty()) { // the last position stays empty
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
     * The best sum that open beams can reach. In transformers 4.37 (BeamHypotheses.is_done in
     * generation/beam_search.py) ended continuations count, too. If the settings raise scores,
     * these would always be the best, so the rule of 4.57 is used then: the best of the
     * continuations that do not end.
     */
    private float hope(Candidate best) {
      return plan.raisesScores() ? beams.getFirst().sum : best.score();
    }

    /** Ends all open beams. */
    void close(Ending ending) {
      beams.forEach(beam -> ended.add(beam.tokens, beam.sum, ending));
    }

    /** Keeps enough candidates: for each beam one for each end token, and one more. */
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
   * @param cancelled checked between steps; true ends all open beams
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
