package io.lanewise.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A label and how well it fits.
 *
 * <pre>{@code
 * try (var classifier = TextClassifier.load(Path.of("my-model"))) {
 *   for (var each : classifier.predict("This film is a joy.")) {
 *     System.out.println(each.label() + " " + each.score());
 *   }
 * }
 * }</pre>
 *
 * @param id where it stands among the model's labels, or among those of the question
 * @param label its name
 * @param score higher is better; from 0 to 1 where the task gives probabilities
 */
public record LabelScore(int id, String label, float score) {
  /** All labels, the best first; of equal ones that of the lower id. */
  public static List<LabelScore> ranked(List<String> labels, float[] scores) {
    var ranked = new ArrayList<LabelScore>(scores.length);
    for (int id = 0; id < scores.length; id++) {
      ranked.add(new LabelScore(id, labels.get(id), scores[id]));
    }
    ranked.sort(Comparator.comparingDouble((LabelScore each) -> -each.score));
    return List.copyOf(ranked);
  }
}
