package io.lanewise.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.cli.option.TokenizerChoice;
import io.lanewise.cli.output.Table;
import io.lanewise.cli.output.TokenizerDescription;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** What a tokenizer's files say, in words. */
@Command(name = "tokenizer", description = "Says in words what a tokenizer's files say.")
final class TokenizerCommand implements Callable<Integer> {
  @Mixin private TokenizerChoice choice;
  @ParentCommand private RootCommand root;

  @Override
  public Integer call() {
    var tokenizer = choice.load();
    var table = new Table("ll");
    table.row("flavour", tokenizer.isSlow() ? "slow, from vocabulary files" : "fast");
    table.row("vocabulary", tokenizer.size() + " ids, " + tokenizer.modelSize() + " of the model");
    int longest = tokenizer.maxLength();
    table.row("max length", longest == Integer.MAX_VALUE ? "not said" : longest + " tokens");
    table.row("inputs", String.join(", ", tokenizer.inputNames()));
    var specials = tokenizer.specials();
    specials
        .byRole()
        .forEach((role, token) -> table.row(role, token + "  " + specials.id(role).orElse(-1)));
    table.row("one text", frame(tokenizer, false));
    table.row("two texts", frame(tokenizer, true));
    stages(table, tokenizer.isSlow());
    sections(table, tokenizer.fileOptions());
    table.row("clean-up", tokenizer.cleansUp() ? "after decoding" : "none after decoding");
    table.print(root.results(), "");
    return 0;
  }

  /** The template, with the words text and pair where the texts go, and the type ids. */
  private static String frame(Tokenizer tokenizer, boolean paired) {
    int[] first = {Integer.MAX_VALUE};
    int[] second = paired ? new int[] {-1} : null;
    var words =
        Arrays.stream(tokenizer.specials().build(first, second))
            .mapToObj(
                id -> id == Integer.MAX_VALUE ? "text" : id < 0 ? "pair" : tokenizer.token(id))
            .collect(Collectors.joining(" "));
    return words
        + ", types "
        + Arrays.stream(tokenizer.specials().typeIds(first, second))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "));
  }

  private void stages(Table table, boolean slow) {
    var file = choice.folder().resolve("tokenizer.json");
    if (slow || !Files.exists(file)) {
      table.row("stages", "made from the vocabulary files; there is no tokenizer.json in use");
      return;
    }
    var root = Json.read(file);
    var added = root.path("added_tokens");
    for (var token : added) {
      table.row("added token", TokenizerDescription.addedToken(token));
    }
    for (String stage :
        new String[] {"normalizer", "pre_tokenizer", "model", "post_processor", "decoder"}) {
      JsonNode part = root.path(stage);
      String name = stage.replace('_', '-');
      if (part.isMissingNode() || part.isNull()) {
        table.row(name, "none");
      }
      TokenizerDescription.of(part).forEach(words -> table.row(name, words));
    }
  }

  private static void sections(Table table, EncodeOptions options) {
    table.row(
        "truncation",
        options.maxLength() == 0
            ? "none in tokenizer.json"
            : "to %d tokens, %s, from the %s, stride %d"
                .formatted(
                    options.maxLength(),
                    TokenizerDescription.plain(options.truncation()),
                    TokenizerDescription.plain(options.truncationSide()),
                    options.stride()));
    table.row(
        "padding",
        !options.padding()
            ? "none in tokenizer.json"
            : "%s, on the %s"
                .formatted(
                    options.padTo() == 0 ? "to the longest" : "to " + options.padTo() + " tokens",
                    TokenizerDescription.plain(options.paddingSide())));
  }
}
