package io.lanewise.cli.option;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.TaskOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether texts become sparse vectors, and how. */
public final class SparseOptions {
  @Option(
      names = "--sparse",
      description =
          "Write sparse vectors, of a weight for each word: SPLADE and what is like it, also a"
              + " masked language model alone, and BGE-M3.")
  private boolean sparse;

  /** What texts are for. */
  enum Role {
    QUERY,
    DOCUMENT
  }

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "With --sparse: what the texts are, where the model treats them differently:"
              + " ${COMPLETION-CANDIDATES}.")
  private Role role;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "With --sparse: keep the N largest weights of a text; default: all.")
  private Integer top;

  /**
   * Whether they do.
   *
   * @throws ParameterException if an option of one kind is given with the other
   */
  public boolean areAsked(CommandSpec command, EmbedderOptions dense) {
    OptionRange.checkFromOne(command, "--top-k", top);
    if (!sparse && (role != null || top != null)) {
      throw new ParameterException(
          command.commandLine(), "--role and --top-k are of sparse vectors: add --sparse");
    }
    if (sparse && dense.shapesVectors()) {
      throw new ParameterException(
          command.commandLine(),
          "--pooling, --normalise and --dimensions are of dense vectors: leave out --sparse");
    }
    return sparse;
  }

  /** Loads the folder. */
  public SparseEmbedder load(FolderSettings folder, TaskOptions options, EmbedderOptions prompts) {
    var embedder = SparseEmbedder.load(folder, options);
    try {
      var changed =
          switch (role) {
            case null -> embedder;
            case QUERY -> embedder.forQueries();
            case DOCUMENT -> embedder.forDocuments();
          };
      changed = prompts.withPrompt(changed);
      return top == null ? changed : changed.withTop(top);
    } catch (RuntimeException e) {
      embedder.close();
      throw e;
    }
  }
}
