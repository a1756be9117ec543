package io.lanewise.cli.output;

import io.lanewise.LanewiseException;
import io.lanewise.Remedy;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What the library says, as somebody has to know it who types: remedies are options of the command
 * that runs, or other commands.
 *
 * @param options of the command, such as {@code --max-length}
 */
public record ErrorMessages(Set<String> options) {
  /** That of a command. */
  public static ErrorMessages of(CommandSpec command) {
    return new ErrorMessages(command.optionsMap().keySet());
  }

  /** The message. A remedy that the command does not offer is left out. */
  public String of(LanewiseException e) {
    var spelled = e.remedy().map(ErrorMessages::spelling).orElse("");
    boolean offered = !spelled.startsWith("-") || options.contains(spelled);
    return spelled.isEmpty() || !offered ? e.statement() : e.statement() + " (" + spelled + ")";
  }

  /** An option or a command; empty for what the command line does by itself. */
  private static String spelling(Remedy remedy) {
    return switch (remedy) {
      case ALLOW_NEW_HEAD -> "--allow-new-head";
      case HEAD -> "--head";
      case BACKEND -> "--gemm";
      case PRECISION -> "--dtype";
      case MAX_LENGTH -> "--max-length";
      case AGGREGATION -> "--aggregation";
      case OVERWRITE -> "--overwrite";
      case NEXT_SENTENCE -> "next-sentence without --order";
      case SENTENCE_ORDER -> "next-sentence --order";
      case CLASSIFY -> "lanewise classify";
      case EMBED -> "lanewise embed";
      case SPARSE -> "lanewise embed --sparse";
      case LATE -> "lanewise rerank --late";
      case DECODER -> "";
    };
  }
}
