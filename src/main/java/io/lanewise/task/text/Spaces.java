package io.lanewise.task.text;

/** What becomes of spaces before full stops, commas and English contractions in decoded text. */
public enum Spaces {
  /** As Hugging Face's pipeline does it unasked: taken away by TextGenerator, kept by others. */
  AS_PIPELINE,
  /** Taken away, {@code clean_up_tokenization_spaces=True}. */
  CLEANED,
  /** Kept, {@code clean_up_tokenization_spaces=False}. */
  KEPT
}
