package io.lanewise.springai;

import io.lanewise.InputException;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;

/** The text of a document for a model. */
final class DocumentText {
  private DocumentText() {}

  /**
   * Text and metadata as the document's formatter puts them together. Without metadata Spring AI's
   * own formatter leaves the empty lines that would follow them, which a prompt must not be
   * followed by.
   *
   * @throws InputException if it is null, or has no text, but a picture or the like
   */
  static String of(@Nullable Document document, MetadataMode mode) {
    if (document == null) {
      throw new InputException("a document is null: give one, or leave it out");
    }
    if (!document.isText()) {
      throw new InputException(
          "the document %s has no text, but %s: a text model cannot read it"
              .formatted(document.getId(), document.getMedia()));
    }
    return document.getFormattedContent(mode).strip();
  }
}
