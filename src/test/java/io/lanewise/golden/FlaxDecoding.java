package io.lanewise.golden;

import io.lanewise.model.CacheContents;
import io.lanewise.model.DecoderCache;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Output;
import io.lanewise.nn.attention.CachedTensors;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The modes {@code flax_decode} and {@code flax_encode_decode}: all tokens at once, and then the
 * same tokens in chunks with a cache of slots, as Flax's {@code init_cache} makes it.
 *
 * @param chunks tokens of each call
 * @param maxLength slots of the cache
 */
record FlaxDecoding(Model model, Inputs inputs, List<Integer> chunks, int maxLength, Keep... keep) {
  private static final List<String> RESULTS = List.of("logits", "last_hidden_state");
  private static final Set<String> OF_ENCODER =
      Set.of("input_ids", "inputs_embeds", "position_ids", "attention_mask", "head_mask");

  /** {@code flax_decode}: a decoder that stands alone. */
  SequencedMap<String, Tensor> alone() {
    var results = new LinkedHashMap<String, Tensor>();
    putResult(results, "full", model.forward(inputs));
    try (var cache = model.initCache(batch(""), maxLength)) {
      putCache(results, "init_cache", cache);
      steps(results, "", inputs, cache);
      putCache(results, "cache", cache);
    }
    return results;
  }

  /** {@code flax_encode_decode}: the halves of an encoder-decoder, called apart. */
  SequencedMap<String, Tensor> halves() {
    var results = new LinkedHashMap<String, Tensor>();
    var encoded = model.encode(select(inputs, true), keep);
    encoded.tensors().forEach((name, tensor) -> results.put("encode." + name, tensor));
    var decoding =
        select(inputs, false).with("encoder_outputs.last_hidden_state", encoded.lastHiddenState());
    if (inputs.tensors().get("attention_mask") != null) {
      decoding = decoding.with("encoder_attention_mask", inputs.tensors().get("attention_mask"));
    }
    model
        .decode(decoding, keep)
        .tensors()
        .forEach((name, tensor) -> results.put("decode." + name, tensor));
    try (var cache = model.initCache(batch("decoder_"), maxLength)) {
      steps(results, "decoder_", decoding, cache);
      putCache(results, "cache", cache);
    }
    return results;
  }

  private int batch(String prefix) {
    return inputs.tensors().get(prefix + "input_ids").shape().size(0);
  }

  private static Inputs select(Inputs inputs, boolean encoder) {
    var part = new LinkedHashMap<>(inputs.tensors());
    part.keySet().removeIf(name -> OF_ENCODER.contains(name) != encoder);
    return Inputs.of(part);
  }

  private void steps(
      SequencedMap<String, Tensor> results, String prefix, Inputs given, DecoderCache cache) {
    int batch = batch(prefix);
    int start = 0;
    for (int i = 0; i < chunks.size(); i++) {
      int end = start + chunks.get(i);
      var ids = ChunkedDecoding.cut(given.tensors().get(prefix + "input_ids"), start, end);
      var call =
          given
              .with(prefix + "input_ids", ids)
              .with(
                  prefix + "attention_mask",
                  mask(given.tensors().get(prefix + "attention_mask"), batch))
              .with(prefix + "position_ids", positions(batch, start, end));
      var output = prefix.isEmpty() ? model.forward(call, cache) : model.decode(call, cache);
      putResult(results, "step." + i, output);
      start = end;
    }
  }

  /** Ones for all slots, with the given mask over the first of them. */
  private Tensor mask(Tensor given, int batch) {
    var mask = new long[batch * maxLength];
    Arrays.fill(mask, 1);
    if (given != null) {
      int tokens = given.shape().size(1);
      for (int b = 0; b < batch; b++) {
        System.arraycopy(given.longs(), b * tokens, mask, b * maxLength, tokens);
      }
    }
    return Tensor.of(mask, batch, maxLength);
  }

  private static Tensor positions(int batch, int start, int end) {
    var positions = new long[batch][end - start];
    for (var row : positions) {
      Arrays.setAll(row, i -> start + i);
    }
    return Tensor.of(positions);
  }

  private static void putResult(SequencedMap<String, Tensor> results, String step, Output output) {
    for (var name : RESULTS) {
      if (output.tensors().containsKey(name)) {
        results.put(step + "." + name, output.tensors().get(name));
      }
    }
  }

  /** The cache under the names of the Flax modules that hold it. */
  private void putCache(SequencedMap<String, Tensor> results, String what, DecoderCache given) {
    var cache = CacheContents.of(given);
    for (int i = 0; i < cache.layers(); i++) {
      var name = what + "." + module(i) + ".";
      var layer = CachedTensors.slots(cache, i);
      results.put(name + "cached_key", layer.key());
      results.put(name + "cached_value", layer.value());
      results.put(name + "cache_index", Tensor.of(new long[] {cache.tokens()}));
    }
  }

  private String module(int layer) {
    if (!model.family().equals("bart")) {
      return model.family() + ".encoder.layer." + layer + ".attention.self";
    }
    var root = model.head() == Head.MODEL ? "" : "model.";
    return root + "decoder.layers." + layer + ".self_attn";
  }
}
