package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo checkpoint answers as Hugging Face does, from the ids on. */
@Tag("every-vector-width")
class DemoTest {
  private static final Path WEIGHTS = Path.of("weights");
  private static final int MASK = 4;

  private final JsonNode expected = Json.read(WEIGHTS.resolve("expected.json"));

  private static Model model(KernelChoice backend) {
    var here = Backends.hereOrAuto(backend);
    var options = Options.DEFAULT.withHead(Head.MASKED_LM).withBackend(here).withThreads(2);
    return Model.load(WEIGHTS.resolve("albert-tiny-demo"), options);
  }

  private static long[] ids(JsonNode line) {
    return IntStream.range(0, line.get("input_ids").size())
        .mapToLong(i -> line.get("input_ids").get(i).asLong())
        .toArray();
  }

  private static int maskIn(long[] ids) {
    return IntStream.range(0, ids.length).filter(i -> ids[i] == MASK).findFirst().orElseThrow();
  }

  private static double[] softmax(float[] logits) {
    double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double[] powers =
        IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - max)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }

  @ParameterizedTest
  @EnumSource(KernelChoice.class)
  void givesTheTopFiveWordsWithTheirScores(KernelChoice backend) {
    assertThat(expected.get("fill_mask")).isNotEmpty();
    try (var model = model(backend)) {
      for (var line : expected.get("fill_mask")) {
        var ids = ids(line);
        var output = (Output.Logits) model.forward(Inputs.ids(new long[][] {ids}));
        var scores = softmax(output.logits().row(0, maskIn(ids)));
        List<Integer> best =
            IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -scores[i]))
                .limit(5)
                .toList();
        for (int i = 0; i < 5; i++) {
          var top = line.get("top").get(i);
          assertThat(best.get(i)).as("%s", line.get("text")).isEqualTo(top.get("id").asInt());
          assertThat(scores[best.get(i)]).isCloseTo(top.get("score").asDouble(), within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelChoice.class)
  void givesTheLoss(KernelChoice backend) {
    var line = expected.get("fill_mask").get(0);
    assertThat(line.get("text")).isEqualTo(expected.get("loss").get("text"));
    var ids = ids(line);
    var labels = new long[ids.length];
    Arrays.fill(labels, -100);
    labels[maskIn(ids)] = line.get("top").get(0).get("id").asLong(); // france
    try (var model = model(backend)) {
      var inputs = Inputs.ids(new long[][] {ids}).with("labels", new long[][] {labels});
      Tensor loss = model.forward(inputs).loss().orElseThrow();
      assertThat(loss.at()).isCloseTo(0.0751216f, within(1e-5f));
      assertThat((double) loss.at())
          .isCloseTo(expected.get("loss").get("loss").asDouble(), within(1e-5));
    }
  }
}
