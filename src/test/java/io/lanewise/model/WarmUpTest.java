package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.family.Family;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WarmUpTest {
  private static final Options OPTIONS = Options.DEFAULT.withBackend(KernelChoice.SCALAR);

  /** Every family with every head that it has, as a folder or a caller may want it. */
  static List<String> models() {
    var models = new ArrayList<String>();
    for (var family : Model.families()) {
      Arrays.stream(Head.values())
          .filter(head -> has(family, head))
          .forEach(head -> models.add(family + " " + head));
    }
    return models;
  }

  private static boolean has(String family, Head head) {
    try {
      Family.type(family, TinyAlbert.config()).head(head);
      return true;
    } catch (io.lanewise.CheckpointException e) {
      return false;
    }
  }

  private static Model model(String name) {
    var words = name.split(" ", -1);
    var head = Head.valueOf(words[1]);
    var config = words[0].equals("bart") ? TinyBart.config() : TinyBert.BERT.config();
    config = config.with("model_type", words[0]).with("num_labels", 2);
    if (words[0].equals("longformer")) {
      config = config.with("attention_window", List.of(4, 4, 4)).with("sep_token_id", 2);
    }
    if (words[0].equals("nomic_bert")) {
      config = TinyRotary.NOMIC.config().with("num_labels", 2);
    }
    return Model.random(config, OPTIONS.withHead(head));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelTakesItsTokens(String name) {
    try (var model = model(name)) {
      assertThat(model.memory().used()).isZero();
      model.warmUp();
      assertThat(model.memory().used()).as("scratch memory").isPositive();
    }
  }

  @Test
  void itChangesNoAnswer() {
    var inputs = Inputs.ids(TinyAlbert.ids(new Random(1), 2, 5));
    try (var model = TinyAlbert.model(Options.DEFAULT)) {
      var before = model.forward(inputs).tensors();
      model.warmUp();
      assertThat(model.forward(inputs).tensors()).isEqualTo(before);
    }
  }

  @Test
  void itEndsAsCallsDo() {
    var model = TinyAlbert.model(Options.DEFAULT);
    assertThatThrownBy(
            () ->
                Deadline.within(
                    Duration.ofNanos(1),
                    () -> {
                      model.warmUp();
                      return null;
                    }))
        .isInstanceOf(CancelledException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(model::warmUp).isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
    model.close();
    assertThatThrownBy(model::warmUp).isInstanceOf(ClosedException.class);
  }
}
