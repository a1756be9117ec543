package io.lanewise.golden;

import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Output;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The {@code decode} mode: one call for all of a decoder's tokens, and then the same tokens in
 * chunks, each with what the chunks before it left. An encoder runs with the first chunk alone.
 *
 * @param chunks tokens of each call
 */
record ChunkedDecoding(Model model, Inputs inputs, List<Integer> chunks) {
  /** Inputs that are cut to the tokens of a call; masks reach back to the first token. */
  private static final Set<String> OF_TOKENS =
      Set.of("input_ids", "inputs_embeds", "position_ids", "token_type_ids");

  private static final Set<String> OF_ENCODER =
      Set.of("input_ids", "inputs_embeds", "position_ids", "head_mask");

  SequencedMap<String, Tensor> run() {
    var results = new LinkedHashMap<String, Tensor>();
    put(results, "full", model.forward(inputs));
    try (var cache = model.newCache()) {
      int start = 0;
      for (int i = 0; i < chunks.size(); i++) {
        int end = start + chunks.get(i);
        var output = model.forward(chunk(start, end), cache, Keep.PAST_KEY_VALUES);
        put(results, "step." + i, output);
        if (i == chunks.size() - 1) {
          output.tensors().forEach((name, tensor) -> putPast(results, name, tensor));
        }
        start = end;
      }
    }
    return results;
  }

  private static void put(SequencedMap<String, Tensor> results, String step, Output output) {
    for (var name : List.of("logits", "last_hidden_state")) {
      if (output.tensors().containsKey(name)) {
        results.put(step + "." + name, output.tensors().get(name));
      }
    }
  }

  private static void putPast(SequencedMap<String, Tensor> results, String name, Tensor tensor) {
    if (name.startsWith("past_key_values.")) {
      results.put(name, tensor);
    }
  }

  private Inputs chunk(int start, int end) {
    boolean two = inputs.tensors().get("decoder_input_ids") != null;
    var prefix = two ? "decoder_" : "";
    var part = new LinkedHashMap<String, Tensor>();
    inputs
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (two && start > 0 && OF_ENCODER.contains(name)) {
                return;
              }
              boolean own = name.startsWith(prefix);
              var kind = own ? name.substring(prefix.length()) : name;
              if (own && OF_TOKENS.contains(kind)) {
                part.put(name, cut(tensor, start, end));
              } else if (own && kind.equals("attention_mask")) {
                part.put(name, cut(tensor, 0, end));
              } else {
                part.put(name, tensor);
              }
            });
    return Inputs.of(part);
  }

  /** Tokens from start to end of a tensor [batch, tokens, …]. */
  static Tensor cut(Tensor tensor, int start, int end) {
    var dims = tensor.shape().dims();
    int batch = Math.toIntExact(dims[0]);
    int tokens = Math.toIntExact(dims[1]);
    int size = Math.toIntExact(tensor.shape().count() / batch / tokens);
    int row = (end - start) * size;
    dims[1] = (long) end - start;
    if (tensor.dtype() == DType.I64) {
      var values = new long[batch * row];
      for (int b = 0; b < batch; b++) {
        System.arraycopy(tensor.longs(), (b * tokens + start) * size, values, b * row, row);
      }
      return Tensor.of(values, dims);
    }
    var values = new float[batch * row];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(tensor.floats(), (b * tokens + start) * size, values, b * row, row);
    }
    return Tensor.of(values, dims);
  }
}
