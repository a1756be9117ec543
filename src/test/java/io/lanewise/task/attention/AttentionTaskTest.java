package io.lanewise.task.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.model.Options;
import io.lanewise.task.GoldenWords;
import io.lanewise.task.attention.AttentionMaps.Kind;
import io.lanewise.task.attention.AttentionMaps.Part;
import io.lanewise.task.attention.AttentionMaps.Token;
import io.lanewise.task.attention.AttentionTask.Question;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The maps are those of transformers 4.57.6, every weight at its key. */
class AttentionTaskTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");
  private static final float TOLERANCE = 1e-5f;

  @TempDir private Path folder;

  private AttentionMaps look(String name, Question question) throws IOException {
    var copy = GoldenWords.copy(name, Files.createTempDirectory(folder, "model"));
    try (var attention = AttentionTask.load(copy, Options.DEFAULT)) {
      return attention.predict(question);
    }
  }

  private static Map<String, Tensor> expected(String name) {
    return Safetensors.read(GoldenWords.golden(name).resolve("expected.safetensors"));
  }

  /** One sequence without its padding. */
  private static long[] ids(String name, String input, int sequence, int length) {
    var inputs = Safetensors.read(GoldenWords.golden(name).resolve("inputs.safetensors"));
    var rows = inputs.get(input);
    int width = rows.shape().size(1);
    return Arrays.copyOfRange(rows.longs(), sequence * width, sequence * width + length);
  }

  private static void assertDense(Part part, Map<String, Tensor> expected, String name, int row) {
    for (int layer = 0; layer < part.layers().size(); layer++) {
      var tensor = expected.get(name + layer);
      assertThat(part.layers().get(layer).heads()).isEqualTo(tensor.shape().size(1));
      for (int head = 0; head < part.heads(); head++) {
        for (int query = 0; query < part.queries().size(); query++) {
          var weights = Arrays.copyOf(tensor.row(row, head, query), part.keys().size());
          assertThat(part.layers().get(layer).row(head, query))
              .as("layer %d, head %d, query %d", layer, head, query)
              .containsExactly(weights, within(TOLERANCE));
        }
      }
    }
    assertThat(expected).doesNotContainKey(name + part.layers().size());
  }

  @ParameterizedTest
  @CsvSource({"0, 9", "1, 4", "2, 8"})
  void anEncoderGivesItsMaps(int sequence, int length) throws IOException {
    var name = "roberta_model_hs";
    var text = GoldenWords.text(ids(name, "input_ids", sequence, length));
    var maps = look(name, Question.of(text));
    assertThat(maps.parts()).extracting(Part::kind).containsExactly(Kind.ENCODER);
    assertDense(maps.part(Kind.ENCODER), expected(name), "attentions.", sequence);
  }

  @ParameterizedTest
  @CsvSource({"0, 9", "1, 4"})
  void anEncoderDecoderGivesThree(int sequence, int length) throws IOException {
    var name = "bart_model_asym_scale";
    var decoder = ids(name, "decoder_input_ids", sequence, 6);
    var target = Arrays.copyOfRange(decoder, 1, 7);
    target[5] = 7; // the last token is not given to the decoder
    var question =
        Question.of(GoldenWords.text(ids(name, "input_ids", sequence, length)))
            .withTarget(GoldenWords.text(target));
    var maps = look(name, question);
    assertThat(maps.part(Kind.CROSS).queries().stream().mapToLong(Token::id))
        .containsExactly(Arrays.stream(decoder).boxed().toArray(Long[]::new));
    assertDense(maps.part(Kind.ENCODER), expected(name), "encoder_attentions.", sequence);
    assertDense(maps.part(Kind.DECODER), expected(name), "decoder_attentions.", sequence);
    assertDense(maps.part(Kind.CROSS), expected(name), "cross_attentions.", sequence);
  }

  /** The decoder reads the text itself, one token later. */
  @Test
  void withoutTargetTheDecoderReadsTheText() throws IOException {
    var name = "flax_bart_qa";
    var maps = look(name, Question.of(GoldenWords.text(ids(name, "input_ids", 1, 8))));
    assertDense(maps.part(Kind.DECODER), expected(name), "decoder_attentions.", 1);
    assertDense(maps.part(Kind.CROSS), expected(name), "cross_attentions.", 1);
  }

  /** Global tokens: given, all, none, the first by the head, the question by the head. */
  static Stream<Object[]> longformers() {
    return Stream.of(
        new Object[] {"longformer_mlm_global_some_pad", 0, 19, List.of(0, 2, 7, 12, 17), true},
        new Object[] {"longformer_mlm_global_some_pad", 1, 14, List.of(0, 3, 9), true},
        new Object[] {"longformer_mlm_global_some_pad", 2, 11, List.of(0, 4), true},
        new Object[] {
          "longformer_tokencls_global_all", 1, 11, List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), true
        },
        new Object[] {"longformer_model_local_windows", 1, 13, List.of(), false},
        new Object[] {"longformer_seqcls_default_global", 0, 21, List.of(0), false},
        new Object[] {"longformer_seqcls_default_global", 1, 16, List.of(0), false},
        new Object[] {"longformer_qa_seps", 0, 18, List.of(0, 1, 2), false},
        new Object[] {"longformer_qa_seps", 1, 18, List.of(0, 1, 2, 3), false});
  }

  @ParameterizedTest
  @MethodSource("longformers")
  void windowsAndGlobalTokensStandInTheirPlaces(
      String name, int sequence, int length, List<Integer> globals, boolean given)
      throws IOException {
    var alone = Question.of(GoldenWords.text(ids(name, "input_ids", sequence, length)));
    var question = given ? alone.withGlobals(new LinkedHashSet<>(globals)) : alone;
    var part = look(name, question).part(Kind.ENCODER);
    var expected = expected(name);
    for (int i = 0; i < part.layers().size(); i++) {
      var layer = (AttentionLayer.Windowed) part.layers().get(i);
      assertThat(layer.globals())
          .containsExactly(globals.stream().mapToInt(each -> each).toArray());
      var near = expected.get("attentions." + i);
      var far = expected.get("global_attentions." + i);
      int slots = far == null ? 0 : far.shape().size(3);
      assertThat(layer.window()).isEqualTo(near.shape().size(3) - slots - 1);
      for (int head = 0; head < layer.heads(); head++) {
        var dense = scattered(near, far, sequence, head, length, globals);
        for (int query = 0; query < length; query++) {
          var row = layer.row(head, query);
          assertThat(row)
              .as("layer %d, head %d, query %d", i, head, query)
              .containsExactly(dense[query], within(TOLERANCE));
          assertSumsToOne(row);
          for (int key = 0; key < length; key++) {
            boolean near2 = Math.abs(query - key) <= layer.window() / 2;
            boolean seen = near2 || globals.contains(query) || globals.contains(key);
            assertThat(layer.sees(query, key)).isEqualTo(seen);
            assertThat(seen || row[key] == 0).isTrue();
            assertThat(layer.weight(head, query, key)).isEqualTo(row[key]);
          }
        }
      }
    }
  }

  /** Puts what transformers returns, column by column, where its documentation says it belongs. */
  private static float[][] scattered(
      Tensor near, Tensor far, int sequence, int head, int length, List<Integer> globals) {
    var dense = new float[length][length];
    int slots = far == null ? 0 : far.shape().size(3);
    int reach = (near.shape().size(3) - slots - 1) / 2;
    for (int query = 0; query < length; query++) {
      var row = near.row(sequence, head, query);
      for (int column = 0; column < row.length; column++) {
        int key = column < slots ? -1 : query + column - slots - reach;
        if (column < globals.size()) {
          key = globals.get(column);
        }
        if (key >= 0 && key < length) {
          dense[query][key] += row[column];
        }
      }
    }
    for (int slot = 0; slot < globals.size(); slot++) {
      for (int key = 0; key < length; key++) {
        dense[globals.get(slot)][key] = far.at(sequence, head, key, slot);
      }
    }
    return dense;
  }

  private static void assertSumsToOne(float[] row) {
    double sum = 0;
    for (float weight : row) {
      sum += weight;
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  /** All families with all heads, whatever they are loaded from. */
  static List<String> checkpoints() throws IOException {
    try (var cases = Files.list(GoldenWords.golden("."))) {
      return cases
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("bad_") && !name.equals("bert_seqcls_nan"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everyCheckpointIsLookedAt(String name) throws IOException {
    var maps = look(name, Question.of("w0 w5 w17 w2 w2 w30 w9 w2"));
    for (var part : maps.parts()) {
      assertThat(part.layers()).isNotEmpty();
      for (var layer : part.layers()) {
        for (int head = 0; head < layer.heads(); head++) {
          for (int query = 0; query < part.queries().size(); query++) {
            var row = layer.row(head, query);
            assertThat(row).hasSize(part.keys().size());
            assertSumsToOne(row);
            for (int key = query + 1; key < row.length; key++) {
              assertThat(part.kind() != Kind.DECODER || row[key] == 0).isTrue();
            }
          }
        }
      }
    }
  }

  /** The choices' texts see all tokens, the question only its neighbours. */
  @Test
  void theHeadOfMultipleChoiceChoosesItsGlobalTokens() throws IOException {
    var part = look("longformer_multichoice_seps", Question.of("w0 w5 w2 w2 w30 w9 w2")).parts();
    var layer = (AttentionLayer.Windowed) part.getFirst().layers().getFirst();
    assertThat(layer.globals()).containsExactly(4, 5, 6);
  }

  @Test
  void tokensSayWhatTheyStandFor() {
    try (var attention = AttentionTask.load(DEMO, Options.DEFAULT)) {
      var tokens = attention.predict("The capital", "Paris").part(Kind.ENCODER).keys();
      assertThat(tokens)
          .extracting(Token::piece)
          .containsExactly("[CLS]", "▁the", "▁capital", "[SEP]", "▁paris", "[SEP]");
      assertThat(tokens)
          .extracting(Token::text)
          .containsExactly("[CLS]", "The", "capital", "[SEP]", "Paris", "[SEP]");
    }
  }

  @Test
  void meansAreOverHeadsAndLayers() {
    try (var attention = AttentionTask.load(DEMO, Options.DEFAULT)) {
      var part = attention.predict("The capital of France").part(Kind.ENCODER);
      var one = part.layers().get(2).row(3, 1);
      assertThat(part.mean(2, 3, 1)).containsExactly(one);
      double sum = 0;
      for (var layer : part.layers()) {
        for (int head = 0; head < layer.heads(); head++) {
          sum += layer.weight(head, 1, 4);
        }
      }
      assertThat(part.mean(null, null, 1)[4]).isCloseTo((float) (sum / 16), within(1e-6f));
      assertThat(part.layers().get(2).map(3)[1]).containsExactly(one);
    }
  }

  @Test
  void whatTheModelHasNoUseForIsRefused() throws IOException {
    try (var attention = AttentionTask.load(DEMO, Options.DEFAULT)) {
      assertThatThrownBy(() -> attention.predict(Question.of("Paris").withTarget("Rome")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no decoder");
      var globals = new LinkedHashSet<>(List.of(1));
      assertThatThrownBy(() -> attention.predict(Question.of("Paris").withGlobals(globals)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("global_attention_mask");
      assertThatThrownBy(() -> attention.predict("Paris").part(Kind.CROSS))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("it has: encoder");
    }
    var outside = new LinkedHashSet<>(List.of(3));
    assertThatThrownBy(
            () ->
                look(
                    "longformer_model_local_windows", Question.of("w5 w6 w7").withGlobals(outside)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("global token 3");
  }
}
