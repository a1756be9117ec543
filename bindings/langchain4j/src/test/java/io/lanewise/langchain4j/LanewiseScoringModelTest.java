package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import io.lanewise.CheckpointException;
import io.lanewise.ClosedException;
import io.lanewise.task.ScoreFunction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanewiseScoringModelTest {
  private static final double TOLERANCE = 1e-5;

  private static LanewiseScoringModel.Builder model() {
    return LanewiseScoringModel.builder().modelPath(Folders.RERANKER);
  }

  /** Those of sentence-transformers, whose answer has the best first. */
  @Test
  void scoresStandInTheOrderOfTheTexts() throws IOException {
    var group = Folders.expected(Folders.RERANKER, 0);
    try (var model = model().build()) {
      for (int i = 0; i < group.get("inputs").size(); i++) {
        var input = group.get("inputs").get(i);
        var segments = new ArrayList<TextSegment>();
        for (var text : input.get(1)) {
          segments.add(TextSegment.from(text.textValue()));
        }
        var scores = model.scoreAll(segments, input.get(0).textValue()).content();
        assertThat(scores).hasSameSizeAs(segments);
        for (var ranked : group.get("outputs").get(i)) {
          assertThat(scores.get(ranked.get("index").intValue()))
              .isCloseTo(ranked.get("score").doubleValue(), within(TOLERANCE));
        }
      }
      assertThat(group.get("inputs").size()).isGreaterThan(1);
    }
  }

  @Test
  void theWayFromOutputToScoreCanBeChosen() {
    try (var sigmoid = model().build();
        var plain = model().scoreFunction(ScoreFunction.NONE).build()) {
      double logit = plain.score("Rome", "How tall is the mountain?").content();
      double score = sigmoid.score("Rome", "How tall is the mountain?").content();
      assertThat(score).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-6));
      assertThat(score).isNotCloseTo(logit, within(1e-3));
    }
  }

  @Test
  void tokensAreCounted() {
    var counter = LanewiseTokenCountEstimator.builder().modelPath(Folders.RERANKER).build();
    int query = counter.estimateTokenCountInText("How tall");
    int first = counter.estimateTokenCountInText("Rome");
    int second = counter.estimateTokenCountInText("The sky is blue.");
    try (var model = model().build()) {
      var segments = List.of(TextSegment.from("Rome"), TextSegment.from("The sky is blue."));
      assertThat(model.scoreAll(segments, "How tall").tokenUsage().inputTokenCount())
          .isEqualTo(query + first + 3 + query + second + 3);
    }
  }

  @Test
  void noTextsHaveNoScores() {
    try (var model = model().build()) {
      assertThat(model.scoreAll(List.of(), "Rome").content()).isEmpty();
    }
  }

  @Test
  void aModelWithSeveralOutputsIsRefused() {
    assertThatThrownBy(() -> LanewiseScoringModel.builder().modelPath(Folders.SENTIMENT).build())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("2 labels");
  }

  @Test
  void aClosedModelSaysSo() {
    var model = model().build();
    assertThat(model.modelName()).isEqualTo("classes-bert-rerank");
    model.close();
    assertThatThrownBy(() -> model.score("Rome", "How tall"))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("closed");
  }
}
