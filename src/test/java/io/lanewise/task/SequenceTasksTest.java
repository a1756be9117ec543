package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.LanewiseException;
import io.lanewise.model.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the tasks of whole sequences do besides giving transformers' answers. */
class SequenceTasksTest {
  private static final Path CASES = Path.of("src/test/resources/tasks");
  private static final Path SENTIMENT = Path.of("weights", "albert-tiny-sentiment");
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(2);
  private static final String LONG = "the sky is blue ".repeat(60).strip();

  private static Path folder(String name) {
    return CASES.resolve("classes-" + name);
  }

  private static void refused(ThrowingCallable call, String... said) {
    assertThatThrownBy(call).isInstanceOf(LanewiseException.class).hasMessageContainingAll(said);
  }

  @Test
  void topAndThresholdChooseAmongTheLabels() {
    try (var classifier = TextClassifier.load(folder("bert-labels"), OPTIONS)) {
      var all = classifier.predict("rome");
      assertThat(all).hasSize(5).extracting(LabelScore::label).doesNotHaveDuplicates();
      assertThat(all.stream().mapToDouble(LabelScore::score).sum()).isCloseTo(1, within(1e-6));
      assertThat(classifier.withTop(2).predict("rome")).isEqualTo(all.subList(0, 2));
      var second = all.get(1).score();
      assertThat(classifier.withThreshold(second).predict("rome")).isEqualTo(all.subList(0, 1));
      assertThat(classifier.withThreshold(2).predict("rome")).isEmpty();
      assertThat(classifier.labels()).containsExactly("anger", "joy", "fear", "calm", "love");
      assertThat(all)
          .allSatisfy(
              each -> assertThat(classifier.labels().get(each.id())).isEqualTo(each.label()));
      refused(() -> classifier.withTop(0), "top 0");
    }
  }

  @Test
  void theFunctionIsThatOfTheProblem() {
    var types = new String[] {null, "single_label_classification"};
    for (var type : types) {
      assertThat(ScoreFunction.of(type, 1)).isEqualTo(ScoreFunction.SIGMOID);
      assertThat(ScoreFunction.of(type, 2)).isEqualTo(ScoreFunction.SOFTMAX);
    }
    for (int labels : new int[] {1, 4}) {
      assertThat(ScoreFunction.of("regression", labels)).isEqualTo(ScoreFunction.NONE);
      assertThat(ScoreFunction.of("multi_label_classification", labels))
          .isEqualTo(ScoreFunction.SIGMOID);
    }
    assertThat(ScoreFunction.SOFTMAX.apply(new float[] {1e38f, -1e38f})).containsExactly(1, 0);
    assertThat(ScoreFunction.SIGMOID.apply(new float[] {-1e38f, 0, 1e38f}))
        .containsExactly(0, 0.5f, 1);
  }

  /** The example of Hugging Face's documentation for several labels: those above one half. */
  @Test
  void severalLabelsAtOnce() {
    var options = OPTIONS.withSetting("problem_type", "multi_label_classification");
    try (var classifier = TextClassifier.load(SENTIMENT, options)) {
      assertThat(classifier.function()).isEqualTo(ScoreFunction.SIGMOID);
      assertThat(classifier.withThreshold(0.5f).predict("Hello, my dog is cute"))
          .extracting(LabelScore::label)
          .containsExactly("NEGATIVE");
    }
  }

  @Test
  void aTextTooLongIsNamedAndMayBeCut() {
    try (var classifier = TextClassifier.load(folder("bert-labels"), OPTIONS)) {
      refused(
          () -> classifier.predictAll(List.of(TextPair.of("rome"), TextPair.of(LONG))),
          "the text \"the sky is blue the sky",
          "242 tokens",
          "at most 50",
          "TaskOptions.withMaxLength");
      refused(
          () -> classifier.predict(TextPair.of("madrid", LONG)),
          "\"madrid\" and \"the sky is blue");
    }
    var limits = TaskOptions.of(OPTIONS).withMaxLength(10);
    try (var classifier = TextClassifier.load(folder("bert-labels"), limits)) {
      assertThat(classifier.predict(LONG))
          .isEqualTo(classifier.predict("the sky is blue ".repeat(2)));
    }
  }

  @Test
  void batchesOfAnySizeGiveTheSameAnswers() {
    var pairs = new ArrayList<TextPair>();
    for (int i = 0; i < 40; i++) {
      var text = "rome is in italy ".repeat(i % 7);
      pairs.add(i % 3 == 0 ? TextPair.of(text, "the sky") : TextPair.of(text));
    }
    // BART reads the last end token and wants equally many in a batch: pairs and texts are mixed
    // here.
    for (var name : List.of("bart-labels", "roberta-regression")) {
      List<List<LabelScore>> before = null;
      for (int tokens : new int[] {1, 64, 100_000}) {
        var limits = TaskOptions.of(OPTIONS).withBatchTokens(tokens);
        try (var classifier = TextClassifier.load(folder(name), limits)) {
          var answers = classifier.predictAll(pairs);
          for (int i = 0; before != null && i < answers.size(); i++) {
            assertThat(answers.get(i).getFirst().score())
                .isCloseTo(before.get(i).getFirst().score(), within(1e-6f));
          }
          before = answers;
        }
      }
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    try (var embedder = Embedder.load(folder("roberta-embed"), OPTIONS);
        var pool = Executors.newFixedThreadPool(6)) {
      var texts = List.of("Rome", "The capital of France is Paris.", "", "one two three");
      var alone = texts.stream().map(embedder::predict).toList();
      var calls = new ArrayList<Callable<Embedding>>();
      for (int i = 0; i < 48; i++) {
        var text = texts.get(i % texts.size());
        calls.add(() -> embedder.predict(text));
      }
      var done = pool.invokeAll(calls);
      for (int i = 0; i < done.size(); i++) {
        assertThat(done.get(i).get().cosine(alone.get(i % texts.size())))
            .isCloseTo(1, within(1e-6f));
      }
    }
  }

  @Test
  void theEntailmentIsFoundByItsName() {
    try (var zeroShot = ZeroShot.load(folder("bert-zero-shot"), OPTIONS)) {
      assertThat(zeroShot.entailment()).isEqualTo("ENTAILMENT");
      refused(() -> zeroShot.predict("no labels here", List.of()), "no labels here");
      refused(() -> zeroShot.withTemplate("nothing"), "nothing", "{}");
      assertThat(zeroShot.predictAll(List.of())).isEmpty();
    }
    try (var zeroShot = ZeroShot.load(folder("bart-zero-shot"), OPTIONS)) {
      assertThat(zeroShot.entailment()).isEqualTo("entailment");
    }
    assertThatThrownBy(() -> ZeroShot.load(SENTIMENT, OPTIONS))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("no label begins with \"entail\"", "NEGATIVE, POSITIVE");
    assertThatThrownBy(() -> ZeroShot.load(SENTIMENT, TaskOptions.of(OPTIONS), "YES"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("\"YES\"", "NEGATIVE, POSITIVE");
    try (var zeroShot = ZeroShot.load(SENTIMENT, TaskOptions.of(OPTIONS), "NEGATIVE")) {
      assertThat(zeroShot.entailment()).isEqualTo("NEGATIVE");
    }
    // As in Hugging Face, where label2id is made anew beside a missing id2label.
    var alone = OPTIONS.withSetting("id2label", null);
    assertThatThrownBy(() -> ZeroShot.load(folder("bart-zero-shot"), alone))
        .hasMessageContaining("LABEL_0, LABEL_1, LABEL_2");
    var labels = java.util.Map.of("entailment", 7);
    var broken = OPTIONS.withSetting("label2id", labels);
    refused(() -> ZeroShot.load(folder("bart-zero-shot"), broken), "label2id", "7", "3 outputs");
  }

  @Test
  void labelsInOneTextAreStripped() {
    assertThat(ZeroShot.labels(" sport,\tpolitics ,,food and  drink,\u00a0"))
        .containsExactly("sport", "politics", "food and  drink");
    assertThat(new ZeroShot.Question("x", "a, b").labels()).containsExactly("a", "b");
    assertThat(new ZeroShot.Question("x", List.of(" a")).labels()).containsExactly(" a");
    refused(() -> new ZeroShot.Question("some text", " , "), "some text");
  }

  @Test
  void aHypothesisWithoutRoomForItsTextIsNamed() {
    try (var zeroShot = ZeroShot.load(folder("bert-zero-shot"), OPTIONS)) {
      refused(() -> zeroShot.predict("rome", List.of(LONG)), "\"rome\"", "the sky is blue");
    }
  }

  @Test
  void onePossibilityIsCertain() {
    try (var choice = MultipleChoice.load(folder("albert-choose"), OPTIONS)) {
      assertThat(choice.predict("The sky", List.of("is blue.")))
          .containsExactly(new LabelScore(0, "is blue.", 1));
      refused(() -> choice.predict("a prompt", List.of()), "a prompt", "no choices");
    }
  }

  @Test
  void aPairNeedsTwoTexts() {
    try (var next = NextSentence.load(folder("bert-next"), OPTIONS);
        var order = SentenceOrder.load(folder("albert-order"), OPTIONS)) {
      refused(() -> next.predict(TextPair.of("the one")), "the one", "second");
      refused(() -> order.predict(TextPair.of("the one")), "the one", "second");
    }
    assertThat(new NextSentence.Answer(0.5f).follows()).isTrue();
    assertThat(new SentenceOrder.Answer(0.49f).inOrder()).isFalse();
  }

  @Test
  void whatAFamilyHasNotLearnedIsRefused() {
    refused(() -> NextSentence.load(DEMO, OPTIONS), "albert", "ForNextSentencePrediction");
    refused(
        () -> SentenceOrder.load(folder("bert-next"), OPTIONS),
        "seq_relationship_logits",
        "(NextSentence)");
    assertThatThrownBy(() -> Reranker.load(SENTIMENT, OPTIONS))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("2 labels");
  }

  @Test
  void passagesAreSortedAndCounted() {
    try (var reranker = Reranker.load(folder("bert-rerank"), OPTIONS)) {
      var passages = List.of("rome", "madrid", "paris", "rome");
      var all = reranker.predict("where", passages);
      assertThat(all).hasSize(4);
      assertThat(all.stream().map(Reranker.Ranked::score).toList())
          .isSortedAccordingTo(java.util.Comparator.reverseOrder());
      assertThat(all)
          .allSatisfy(each -> assertThat(passages.get(each.index())).isEqualTo(each.passage()));
      assertThat(reranker.withTop(1).predict("where", passages)).isEqualTo(all.subList(0, 1));
      refused(() -> reranker.withFunction(ScoreFunction.SOFTMAX), "softmax");
      refused(() -> reranker.withTop(0), "top 0");
      assertThat(reranker.function()).isEqualTo("Sigmoid");
    }
    var strange = OPTIONS.withSetting("sbert_ce_default_activation_function", "own.Mish");
    refused(() -> Reranker.load(folder("bert-rerank"), strange), "own.Mish", "Identity");
  }

  @Test
  void targetsAreTokensOrTheirBeginning() {
    try (var fillMask = FillMask.load(DEMO, OPTIONS)) {
      var text = "The capital of [MASK] is Paris.";
      var few = fillMask.withTargets(List.of("▁italy", "italy", "Francey")).predict(text).masks();
      assertThat(few.getFirst().candidates())
          .extracting(FillMask.Candidate::token)
          .containsExactly("france", "italy");
      var all = fillMask.withTop(Integer.MAX_VALUE).predict(text).masks().getFirst();
      assertThat(all.candidates()).containsAll(few.getFirst().candidates());
      refused(() -> fillMask.withTargets(List.of("france", "")), "the target \"\"");
      refused(() -> fillMask.withTargets(List.of()), "no targets");
    }
  }
}
