package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.OldNames;
import io.lanewise.model.Head;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code model_type} that runs here, and what its family's file says of it before there
 * are weights. Several types may be one family: CamemBERT is RoBERTa.
 *
 * @param name the value
 * @param prefix what the names of its Hugging Face classes begin with, such as {@code XLMRoberta}
 * @param heads how each head is loaded
 * @param loader loads the family
 * @param oldNames puts today's names in the place of those that only this family's config class
 *     reads
 * @param suffixes what the class names of some heads end with instead of {@link Head#suffix}
 */
public record ModelType(
    String name,
    String prefix,
    Heads heads,
    Loader loader,
    UnaryOperator<Config> oldNames,
    Map<Head, String> suffixes) {
  /** The one place where a family declares its heads. */
  @FunctionalInterface
  public interface Heads {
    /**
     * How this head is loaded.
     *
     * @return null if the family has no such head
     * @throws io.lanewise.CheckpointException likewise, where there is more to say of it
     */
    HeadPlan.@Nullable Loader of(Head kind);
  }

  /** Names to layers. */
  @FunctionalInterface
  public interface Loader {
    /** Loads the layers, and the head on top of them. */
    Family load(LayerSource from, HeadPlan head);
  }

  /** A family whose settings have one name each, and whose classes are named as all others. */
  ModelType(String name, String prefix, Heads heads, Loader loader) {
    this(name, prefix, heads, loader, UnaryOperator.identity(), Map.of());
  }

  /** The same family, whose settings have older names too. */
  ModelType withOldNames(UnaryOperator<Config> newOldNames) {
    return new ModelType(name, prefix, heads, loader, newOldNames, suffixes);
  }

  /** The same family, whose class with this head has a name of its own. */
  ModelType withSuffix(Head kind, String suffix) {
    return new ModelType(name, prefix, heads, loader, oldNames, Map.of(kind, suffix));
  }

  /**
   * A head of this family.
   *
   * @throws io.lanewise.CheckpointException if it has no such head
   */
  public HeadPlan head(Head kind) {
    var layers = heads.of(kind);
    if (layers == null) {
      throw FamilySettings.noHead(name, kind);
    }
    return new HeadPlan(kind, className(kind), layers);
  }

  /** The PyTorch class with this head, such as {@code BertForMaskedLM}. */
  public String className(Head kind) {
    return prefix + suffixes.getOrDefault(kind, kind.suffix());
  }

  /**
   * The settings under today's names.
   *
   * @throws io.lanewise.CheckpointException if a setting asks for what is not built
   */
  public Config today(Config config) {
    return oldNames.apply(OldNames.today(config));
  }

  /**
   * Loads a model of this type.
   *
   * @throws io.lanewise.CheckpointException if it has no such head, or the weights do not fit
   */
  public Family load(LayerSource from, Head kind) {
    return loader.load(from, head(kind));
  }
}
