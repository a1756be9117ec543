package io.lanewise.serve.route;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.serve.http.ErrorType;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.model.ServedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code inputs} of a request, or its {@code input}: a text, token ids, or a list of both.
 *
 * @param texts at least one
 * @param single whether it was not a list
 */
record TextInputs(List<String> texts, boolean single) {
  /**
   * Reads them. Token ids become the text that they stand for, without the special tokens around
   * it, as text-embeddings-inference does it.
   *
   * @param name of the field, for messages
   * @throws Refusal if they are of another type, none, or too many
   */
  static TextInputs of(JsonNode inputs, String name, ServedModel model) {
    if (inputs.isTextual()) {
      return new TextInputs(List.of(inputs.textValue()), true);
    }
    if (!inputs.isArray()) {
      throw wrong(name);
    }
    if (inputs.isEmpty()) {
      throw empty(name);
    }
    if (inputs.get(0).isNumber()) {
      return new TextInputs(List.of(text(inputs, name, model)), true);
    }
    checkCount(inputs.size(), model);
    var texts = new ArrayList<String>(inputs.size());
    for (var each : inputs) {
      texts.add(each.isTextual() ? each.textValue() : text(each, name, model));
    }
    return new TextInputs(texts, false);
  }

  /** There are no inputs. */
  static Refusal empty(String name) {
    return new Refusal(ErrorType.EMPTY, "`" + name + "` cannot be empty");
  }

  /**
   * Refuses more inputs than a request may have.
   *
   * @throws Refusal in the words of text-embeddings-inference
   */
  static void checkCount(int count, ServedModel model) {
    int most = model.limits().clientBatch();
    if (count > most) {
      throw Refusal.invalid("batch size " + count + " > maximum allowed batch size " + most)
          .counted("batch_size");
    }
  }

  private static Refusal wrong(String name) {
    return Refusal.invalid("`" + name + "` must be a string, token ids, or a list of those");
  }

  private static String text(JsonNode ids, String name, ServedModel model) {
    if (!ids.isArray()) {
      throw wrong(name);
    }
    return text(ids(ids, name, model), model);
  }

  /** A list of token ids that the model has. */
  static int[] ids(JsonNode list, String name, ServedModel model) {
    var ids = new int[list.size()];
    int size = model.texts().tokenizer().size();
    for (int i = 0; i < ids.length; i++) {
      var id = list.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw wrong(name);
      }
      ids[i] = id.intValue();
      if (ids[i] < 0 || ids[i] >= size) {
        throw Refusal.invalid(
            "the token id %d is not in the vocabulary, which goes from 0 to %d"
                .formatted(ids[i], size - 1));
      }
    }
    return ids;
  }

  private static String text(int[] ids, ServedModel model) {
    var tokenizer = model.texts().tokenizer();
    int[] around = tokenizer.encode("").ids();
    int before = 0;
    while (before < Math.min(around.length, ids.length) && ids[before] == around[before]) {
      before++;
    }
    int after = 0;
    while (after < Math.min(around.length - before, ids.length - before)
        && ids[ids.length - 1 - after] == around[around.length - 1 - after]) {
      after++;
    }
    return tokenizer.decode(Arrays.copyOfRange(ids, before, ids.length - after), false, false);
  }

  /** Characters of all texts, in Unicode code points. */
  long characters() {
    return characters(texts);
  }

  /** Characters of texts, in Unicode code points. */
  static long characters(List<String> texts) {
    return texts.stream().mapToLong(text -> text.codePointCount(0, text.length())).sum();
  }
}
