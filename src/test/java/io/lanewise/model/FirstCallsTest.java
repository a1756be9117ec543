package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.kernel.Here;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.memory.NativeImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first calls of a model that is large enough for OpenBLAS to run them. */
class FirstCallsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void save() {
    Here.needsOpenBlas();
    Here.needsVectors();
    for (var family : new String[] {"albert", "bert"}) {
      var json =
          """
          {
            "model_type": "%s", "vocab_size": 997, "embedding_size": 400, "hidden_size": 512,
            "num_attention_heads": 8, "intermediate_size": 1100, "num_hidden_layers": 2,
            "hidden_act": "gelu_new", "max_position_embeddings": 64, "initializer_range": 0.05
          }
          """
              .formatted(family);
      var tree = Json.parse(json.getBytes(StandardCharsets.UTF_8), family);
      var config = JsonConfig.of(tree, family);
      try (var model = Model.random(config, Options.DEFAULT.withHead(Head.MASKED_LM))) {
        model.save(folder.resolve(family));
      }
    }
  }

  @Test
  void theyAreAsExactAsLaterOnesWhichHaveTheBitsOfTheirKernels() {
    for (var family : new String[] {"albert", "bert"}) {
      var scalar = logits(family, KernelChoice.SCALAR);
      var later = logits(family, later());
      try (var model = load(family, KernelChoice.AUTO)) {
        var logits = logits(model);
        if (NativeImage.isHere()) { // its vector kernels were compiled when it was built
          assertThat(logits).isEqualTo(later);
          continue;
        }
        assertThat(logits).as("not by the later kernels").isNotEqualTo(later);
        long end = System.nanoTime() + 60_000_000_000L;
        while (!Arrays.equals(logits, later) && System.nanoTime() < end) {
          for (int i = 0; i < logits.length; i++) {
            assertThat(logits[i]).isCloseTo(scalar[i], within(1e-4f));
          }
          logits = logits(model);
        }
        assertThat(logits).isEqualTo(later);
      }
    }
  }

  /** What multiplies large layers after the first calls. */
  private static KernelChoice later() {
    return !NativeImage.isHere() && OneDnnLibrary.refusal(Precision.FLOAT32).isEmpty()
        ? KernelChoice.ONEDNN
        : KernelChoice.VECTOR;
  }

  @Test
  void theyAreOverAfterWarmingUp() {
    try (var model = load("bert", KernelChoice.AUTO)) {
      model.warmUp();
      assertThat(logits(model)).isEqualTo(logits("bert", later()));
    }
  }

  @Test
  void aModelMayBeClosedAfterItsFirstCall() {
    for (int i = 0; i < 3; i++) {
      logits("bert", KernelChoice.AUTO);
    }
  }

  private static float[] logits(String family, KernelChoice choice) {
    try (var model = load(family, choice)) {
      return logits(model);
    }
  }

  private static Model load(String family, KernelChoice choice) {
    return Model.load(
        folder.resolve(family),
        Options.DEFAULT.withHead(Head.MASKED_LM).withBackend(choice).withThreads(2));
  }

  private static float[] logits(Model model) {
    var random = new Random(3);
    var ids = new long[3][41];
    for (var row : ids) {
      Arrays.setAll(row, _ -> random.nextLong(5, 997));
    }
    var output = model.forward(Inputs.ids(ids));
    return ((Output.Logits) output).logits().floats();
  }
}
