package io.lanewise.cli.command;

import io.lanewise.cli.output.Terminal;
import io.lanewise.cli.output.TextOutput;
import java.io.InputStream;
import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command with all subcommands. */
@Command(
    subcommands = {
      FillMaskCommand.class,
      ClassifyCommand.class,
      TagCommand.class,
      AnswerCommand.class,
      ZeroShotCommand.class,
      ChooseCommand.class,
      NextSentenceCommand.class,
      EmbedCommand.class,
      SimilarityCommand.class,
      RerankCommand.class,
      SummarizeCommand.class,
      GenerateCommand.class,
      ScoreCommand.class,
      AttentionCommand.class,
      ServeCommand.class,
      ForwardCommand.class,
      TokenizeCommand.class,
      DecodeCommand.class,
      TokenizerCommand.class,
      FetchCommand.class,
      ModelsCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    })
public final class Commands extends RootCommand {
  public Commands(InputStream in, TextOutput results, PrintWriter err, Terminal terminal) {
    super(in, results, err, terminal);
  }

  /**
   * The command with the subcommand that the first word names, or with all if it names none. Each
   * subcommand that is looked at costs milliseconds before anything is done.
   */
  public static CommandLine line(
      String[] args, InputStream in, TextOutput results, PrintWriter err, Terminal terminal) {
    var asked = args.length == 0 ? null : named(args[0]);
    return asked == null
        ? new CommandLine(new Commands(in, results, err, terminal))
        : new CommandLine(new RootCommand(in, results, err, terminal)).addSubcommand(asked);
  }

  /** The subcommand of this name; null if there is none, or it has to know all others. */
  public static Object named(String name) {
    return switch (name) {
      case "fill-mask" -> new FillMaskCommand();
      case "classify" -> new ClassifyCommand();
      case "tag" -> new TagCommand();
      case "answer" -> new AnswerCommand();
      case "zero-shot" -> new ZeroShotCommand();
      case "choose" -> new ChooseCommand();
      case "next-sentence" -> new NextSentenceCommand();
      case "embed" -> new EmbedCommand();
      case "similarity" -> new SimilarityCommand();
      case "rerank" -> new RerankCommand();
      case "summarize" -> new SummarizeCommand();
      case "generate" -> new GenerateCommand();
      case "score" -> new ScoreCommand();
      case "attention" -> new AttentionCommand();
      case "serve" -> new ServeCommand();
      case "forward" -> new ForwardCommand();
      case "tokenize" -> new TokenizeCommand();
      case "decode" -> new DecodeCommand();
      case "tokenizer" -> new TokenizerCommand();
      case "fetch" -> new FetchCommand();
      case "models" -> new ModelsCommand();
      case "inspect" -> new InspectCommand();
      case "convert" -> new ConvertCommand();
      case "bench" -> new BenchCommand();
      case "doctor" -> new DoctorCommand();
      default -> null;
    };
  }
}
