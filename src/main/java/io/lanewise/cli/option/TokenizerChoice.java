package io.lanewise.cli.option;

import io.lanewise.checkpoint.HubCache;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which tokenizer: the options that all commands with nothing but a tokenizer share. */
public final class TokenizerChoice {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      description =
          "Folder with tokenizer.json or vocabulary files, or a name of the Hub whose files are in"
              + " its cache; default: the demo.")
  private String model;

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Branch, tag, reference or commit of a model of the Hub; default: main.")
  private String revision;

  @Option(
      names = "--slow",
      description = "Follow Hugging Face's slow tokenizer; default: the fast one.")
  private boolean slow;

  @Option(
      names = "--symbols-as-pieces",
      description =
          "Leave user-defined symbols of a SentencePiece model pieces like others, as the model was"
              + " trained; default: they are added tokens, as in transformers.")
  private boolean symbolsAsPieces;

  @Option(
      names = "--set",
      paramLabel = "FLAG=BOOLEAN",
      description = "Set a flag of tokenizer_config.json, such as do_lower_case=false.")
  private Map<String, Boolean> flags = new TreeMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  /** The folder of {@code --model}, or of the demo. */
  public Path folder() {
    if (model == null) {
      return DefaultModel.MASKED_WORDS.folder(mixee.name());
    }
    return ModelOptions.isOfTheHub(model) ? HubCache.here().find(model, revision) : Path.of(model);
  }

  /** Loads it. */
  public Tokenizer load() {
    var options =
        TokenizerOptions.DEFAULT
            .withFlavor(slow ? Flavor.SLOW : Flavor.AUTO)
            .withSymbolsAsPieces(symbolsAsPieces);
    try {
      for (var flag : flags.entrySet()) {
        options = options.withFlag(flag.getKey(), flag.getValue());
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(mixee.commandLine(), "--set: " + e.getMessage());
    }
    return Tokenizer.load(folder(), options);
  }
}
