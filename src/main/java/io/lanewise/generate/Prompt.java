package io.lanewise.generate;

import io.lanewise.InputException;
import io.lanewise.model.Inputs;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The first tokens of a decoder.
 *
 * @param ids [batch][tokens]
 * @param seen attention mask, [batch][tokens]; null for all ones
 */
record Prompt(int[][] ids, float[][] seen) {
  private static final String MASK = "attention_mask";

  /** The prompt of a decoder that stands alone: {@code input_ids}. */
  static Prompt of(Inputs inputs, GenerationConfig.Tokens special) {
    var tensor = inputs.tensors().get("input_ids");
    if (tensor == null) {
      throw new InputException("input_ids: they are missing: give the tokens to go on from");
    }
    var ids = ids("input_ids", tensor);
    var mask = mask(inputs, special);
    if (mask == null) {
      return new Prompt(ids, null);
    }
    if (!mask.shape().equals(tensor.shape())) {
      throw new InputException(
          MASK + ": its shape is " + mask.shape() + ", it must be " + tensor.shape());
    }
    var seen = new float[ids.length][];
    for (int i = 0; i < seen.length; i++) {
      int length = ids[i].length;
      seen[i] = Arrays.copyOfRange(mask.floats(), i * length, (i + 1) * length);
    }
    return new Prompt(ids, seen);
  }

  /**
   * The first tokens of an encoder-decoder's decoder: the start token, then {@code
   * decoder_input_ids}, unless these begin with it ({@code
   * GenerationMixin._prepare_decoder_input_ids_for_generation} in generation/utils.py).
   *
   * @param batch sequences of the encoder
   * @param vocabulary number of tokens
   */
  static Prompt ofDecoder(
      Inputs inputs, GenerationConfig.Tokens special, int batch, int vocabulary) {
    int start = special.start();
    if (start < 0) {
      throw new InputException(
          "decoder_start_token_id: neither it nor bos_token_id is among the settings: set it");
    }
    if (start >= vocabulary) {
      throw new InputException(
          "decoder_start_token_id: %d is not from 0 to %d: vocab_size says so"
              .formatted(start, vocabulary - 1));
    }
    var given = inputs.tensors().get("decoder_input_ids");
    if (given == null) {
      var ids = new int[batch][1];
      for (var row : ids) {
        row[0] = start;
      }
      return new Prompt(ids, null);
    }
    var ids = ids("decoder_input_ids", given);
    if (Arrays.stream(ids).anyMatch(row -> row[0] == start)) {
      return new Prompt(ids, null);
    }
    for (int i = 0; i < ids.length; i++) {
      var longer = new int[ids[i].length + 1];
      longer[0] = start;
      System.arraycopy(ids[i], 0, longer, 1, ids[i].length);
      ids[i] = longer;
    }
    return new Prompt(ids, null);
  }

  /** Token ids of an input, [batch][tokens]. */
  static int[][] ids(String name, Tensor tensor) {
    if (tensor.dtype() != DType.I64 || tensor.shape().rank() != 2 || tensor.shape().count() == 0) {
      throw new InputException(
          name + ": integers [batch, tokens] are needed, " + tensor + " was given");
    }
    var ids = new int[tensor.shape().size(0)][tensor.shape().size(1)];
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < ids[i].length; j++) {
        ids[i][j] = narrowed(name, tensor.longs()[i * ids[i].length + j]);
      }
    }
    return ids;
  }

  private static int narrowed(String name, long id) {
    if (id < 0 || id > Integer.MAX_VALUE) {
      throw new InputException(name + ": " + id + " is no token id");
    }
    return (int) id;
  }

  /**
   * The attention mask, or Hugging Face's default: if there is padding among the ids and it is not
   * an end token, all tokens but the padding count; null for all ones ({@code
   * GenerationMixin._prepare_attention_mask_for_generation} in generation/utils.py).
   */
  static Tensor mask(Inputs inputs, GenerationConfig.Tokens special) {
    var ids = inputs.tensors().get("input_ids");
    var given = inputs.tensors().get(MASK);
    if (given != null || ids == null || ids.dtype() != DType.I64) {
      return given;
    }
    int padding = special.padding();
    if (padding < 0
        || special.ends().contains(padding)
        || Arrays.stream(ids.longs()).noneMatch(id -> id == padding)) {
      return null;
    }
    var seen = Arrays.stream(ids.longs()).map(id -> id == padding ? 0 : 1).toArray();
    return Tensor.of(seen, ids.shape().dims());
  }
}
