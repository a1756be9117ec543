package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.generate.Generator;

/** What can be told piece by piece. */
final class Streams {
  private Streams() {}

  /**
   * Refuses all but a single sequence by itself.
   *
   * @throws InputException if the settings say otherwise
   */
  static void check(Generator generator) {
    var beams = generator.config().beams();
    if (beams.count() > 1) {
      throw new InputException(
          "num_beams: it is "
              + beams.count()
              + ", and a beam search knows its text in the end only: set it to 1 to stream");
    }
    if (beams.returned() > 1) {
      throw new InputException(
          "num_return_sequences: it is " + beams.returned() + ": set it to 1 to stream");
    }
  }
}
