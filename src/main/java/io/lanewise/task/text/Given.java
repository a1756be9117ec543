package io.lanewise.task.text;

import io.lanewise.InputException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is given to a task: every task has its inputs checked here before anything is computed. A
 * {@code null} is never a text, and never the word "null".
 */
public final class Given {
  private Given() {}

  /**
   * The inputs of a call.
   *
   * @throws InputException if there is no list or one of them is null; the message has its index
   */
  public static <I> List<I> inputs(@Nullable List<I> inputs) {
    return whole("the list of inputs", "input", inputs);
  }

  /**
   * Inputs made of texts, one of each.
   *
   * @throws InputException if there are no texts or one of them is null; the message has its index
   */
  public static <I> List<I> each(@Nullable Collection<String> texts, Function<String, I> input) {
    return whole("the list of inputs", "input", texts).stream().map(input).toList();
  }

  /**
   * The texts in one input, such as its labels.
   *
   * @param name of a single one
   * @return a copy
   * @throws InputException if there is no list or one of them is null; the message has its index
   */
  public static List<String> texts(String name, @Nullable List<String> texts) {
    return List.copyOf(whole("the list of " + name + "s", name, texts));
  }

  /**
   * A text of an input.
   *
   * @throws InputException if it is null
   */
  public static String text(String name, @Nullable String text) {
    if (text == null) {
      throw new InputException("the " + name + " is null: give a text, if need be an empty one");
    }
    return text;
  }

  private static <C extends Collection<?>> C whole(String all, String one, @Nullable C list) {
    if (list == null) {
      throw new InputException(all + " is null: give a list, if need be an empty one");
    }
    int index = 0;
    for (var each : list) {
      if (each == null) {
        throw new InputException(
            "%s %d (counted from 0) is null: give one, or leave it out".formatted(one, index));
      }
      index++;
    }
    return list;
  }
}
