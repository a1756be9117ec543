package io.lanewise.task.sentence;

import java.util.Optional;

/** What a text is for, where a folder treats queries and documents differently. */
public enum TextRole {
  /** Not said. */
  ANY,
  QUERY,
  DOCUMENT;

  /** What sentence-transformers calls it; empty for {@link #ANY}. */
  Optional<String> title() {
    return switch (this) {
      case ANY -> Optional.empty();
      case QUERY -> Optional.of("query");
      case DOCUMENT -> Optional.of("document");
    };
  }

  /** The prompt for it. */
  public String prompt(EmbeddingSettings settings) {
    return switch (this) {
      case ANY -> settings.prompt();
      case QUERY -> settings.forQueries();
      case DOCUMENT -> settings.forDocuments();
    };
  }
}
