package io.lanewise.family.head;

import io.lanewise.family.input.CheckedInputs;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of a loaded model.
 *
 * @param className the Hugging Face class of the whole model, for messages
 */
public record ModelHead(Head kind, String className, HeadLayers layers) {
  /**
   * The inputs of a call, whose names are known.
   *
   * @param names that the body of the model takes; those of the head's labels come on top
   * @throws io.lanewise.InputException if there is another name among them
   */
  public CheckedInputs check(Inputs inputs, List<String> names) {
    var known = new ArrayList<>(names);
    known.addAll(layers.labels());
    return new CheckedInputs(inputs, className, known);
  }

  /** Whether the inputs have a dimension for the choices, [batch, choices, tokens]. */
  public boolean hasChoices() {
    return kind == Head.MULTIPLE_CHOICE;
  }
}
