package io.lanewise.task.text;

import io.lanewise.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence with a place for a label, as Python's {@code str.format} reads it with one argument:
 * {@code {}} or {@code {0}} is the place, <code>{{</code> and <code>}}</code> are braces.
 */
public final class HypothesisTemplate {
  private static final int MOST_PLACES = 64;

  /** What stands before, between and behind the places. */
  private final List<String> parts;

  /**
   * Reads it.
   *
   * @throws InputException if it has no place for the label, or braces that are none
   */
  public HypothesisTemplate(String template) {
    var found = new ArrayList<String>();
    var part = new StringBuilder();
    boolean numbered = false;
    int i = 0;
    while (i < template.length()) {
      if (template.startsWith("{{", i) || template.startsWith("}}", i)) {
        part.append(template.charAt(i));
        i += 2;
      } else if (template.startsWith("{}", i) || template.startsWith("{0}", i)) {
        boolean number = template.charAt(i + 1) == '0';
        if (!found.isEmpty() && !(number && numbered)) {
          throw wrong(template, "only one {} can stand in it; {0} may several times");
        }
        if (found.size() == MOST_PLACES) {
          throw wrong(template, "at most " + MOST_PLACES + " places can stand in it");
        }
        numbered = number;
        found.add(part.toString());
        part.setLength(0);
        i += number ? 3 : 2;
      } else if (template.charAt(i) == '{' || template.charAt(i) == '}') {
        throw wrong(template, "a brace alone means nothing; write {{ or }} for one");
      } else {
        part.append(template.charAt(i));
        i++;
      }
    }
    if (found.isEmpty()) {
      throw wrong(template, "put {} where the label is to stand");
    }
    found.add(part.toString());
    parts = List.copyOf(found);
  }

  private static InputException wrong(String template, String why) {
    return new InputException(
        "the hypothesis template \"" + TextModel.excerpt(template) + "\": " + why);
  }

  /** The sentence with this label. */
  public String with(String label) {
    return String.join(label, parts);
  }
}
