package io.lanewise.family.head;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One vector for a sequence by the settings {@code summary_type}, {@code summary_use_proj} and
 * {@code summary_activation}: Hugging Face's {@code SequenceSummary}, as the choices of RoFormer
 * and ELECTRA have it. It counts padding like any token.
 *
 * @param projection null for none
 */
public record SequenceSummary(Type type, @Nullable Linear projection, Activation activation)
    implements SequenceVector {
  /** Whose state it is. */
  public enum Type {
    /** Of the first position. */
    FIRST,
    /** Of the last position. */
    LAST,
    /** The mean of all positions. */
    MEAN
  }

  /**
   * Loads it.
   *
   * @param type where the config says nothing: {@code first} or {@code last}
   * @param projected likewise, whether there is a projection
   * @param activation likewise; null for none
   */
  public static SequenceSummary load(
      HeadSource from, String type, boolean projected, @Nullable String activation) {
    var source = from.source();
    var config = source.config();
    boolean projects = config.bool("summary_use_proj", projected);
    if (projects && config.bool("summary_proj_to_labels", false)) {
      throw config.wrong(
          "summary_proj_to_labels", "a vector of that size does not fit the classifier: set false");
    }
    boolean silent = JsonConfig.tree(config).has("summary_activation") || activation == null;
    var name = config.text("summary_activation", silent ? "linear" : activation);
    var at = source.head().at("sequence_summary.summary");
    return new SequenceSummary(
        type(config, type),
        projects ? Linear.load(source.packing(), from.hidden(), from.hidden(), at) : null,
        name.isEmpty()
            ? Activation.IDENTITY
            : FamilySettings.activation(
                config.with("summary_activation", name), "summary_activation", name));
  }

  /** No inputs tell where {@code cls_index} is, so it is the last position, as in Hugging Face. */
  private static Type type(Config config, String absent) {
    var known = List.of("first", "last", "mean", "cls_index");
    return switch (config.choice("summary_type", absent, known)) {
      case "first" -> Type.FIRST;
      case "mean" -> Type.MEAN;
      default -> Type.LAST;
    };
  }

  @Override
  public @Nullable ReadTokens tokens(CheckedInputs inputs, InputTokens tokens) {
    if (type == Type.MEAN) {
      return null;
    }
    var positions = new int[tokens.batch()][1];
    for (var position : positions) {
      position[0] = type == Type.FIRST ? 0 : tokens.length() - 1;
    }
    return ReadTokens.at(positions, tokens.length());
  }

  @Override
  public boolean readsPadding() {
    return type == Type.MEAN;
  }

  @Override
  public Matrix of(Pass pass, LastStates last) {
    var vectors = type == Type.MEAN ? means(pass, last) : last.states();
    pass.dropout().features(pass, vectors);
    if (projection == null) {
      pass.backend().rowwise().activate(activation, vectors);
      return vectors;
    }
    var summary = pass.matrix(last.batch(), projection.outputs());
    projection.apply(pass, vectors, activation, summary);
    return summary;
  }

  private static Matrix means(Pass pass, LastStates last) {
    int tokens = last.states().rows() / last.batch();
    var means = pass.matrix(last.batch(), last.hidden());
    for (int b = 0; b < last.batch(); b++) {
      var sums = new double[last.hidden()];
      for (int t = 0; t < tokens; t++) {
        var row = last.states().rows(b * tokens + t, 1).toArray();
        for (int j = 0; j < row.length; j++) {
          sums[j] += row[j];
        }
      }
      for (int j = 0; j < sums.length; j++) {
        means.set(b, j, (float) (sums[j] / tokens));
      }
    }
    return means;
  }
}
