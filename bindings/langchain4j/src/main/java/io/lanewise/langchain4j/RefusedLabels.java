package io.lanewise.langchain4j;

import io.lanewise.task.LabelScore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which texts are refused.
 *
 * @param labels those that are looked for
 * @param threshold the score from which on they count
 * @param message what is said; null for the label and its score
 */
record RefusedLabels(
    Function<String, List<LabelScore>> classifier,
    Set<String> labels,
    double threshold,
    @Nullable String message) {
  /** Why a text is refused; empty if it is not. */
  Optional<String> reason(String text) {
    return classifier.apply(text).stream()
        .filter(each -> labels.contains(each.label()) && each.score() >= threshold)
        .findFirst()
        .map(each -> message == null ? said(each) : message);
  }

  private static String said(LabelScore found) {
    return String.format(Locale.ROOT, "the text is %s (%.2f)", found.label(), found.score());
  }
}
