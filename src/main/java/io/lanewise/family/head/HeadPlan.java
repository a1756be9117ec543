package io.lanewise.family.head;

import io.lanewise.model.Head;

/**
 * A head that a family has, before it is loaded.
 *
 * @param className the Hugging Face class of the whole model, such as {@code BertForMaskedLM}
 * @param loader loads its layers
 */
public record HeadPlan(Head kind, String className, Loader loader) {
  /** Names to layers. */
  @FunctionalInterface
  public interface Loader {
    /** Loads the layers of the head. */
    HeadLayers load(HeadSource from);
  }

  /** Loads the head. */
  public ModelHead load(HeadSource from) {
    return with(loader.load(from));
  }

  /** The head made of these layers. */
  public ModelHead with(HeadLayers layers) {
    return new ModelHead(kind, className, layers);
  }
}
