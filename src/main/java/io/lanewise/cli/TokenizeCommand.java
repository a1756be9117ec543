package io.lanewise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The tokens of texts. */
@Command(
    name = "tokenize",
    description = "Cuts texts into tokens and shows their ids.",
    footer = {
      "",
      "Prints a line a text: its ids. --table prints a line a token: position, id, token,",
      "where it starts and ends in the text, word. --json prints a JSON object a text, a line"
          + " each:",
      "tokens, input_ids, token_type_ids, attention_mask, special_tokens_mask, offsets,",
      "word_ids."
    })
final class TokenizeCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "Texts; none: standard input, a text a line.")
  private List<String> texts = List.of();

  @Option(names = "--pair", paramLabel = "TEXT", description = "A second text for each.")
  private String pair;

  @Option(names = "--no-specials", description = "Leave out [CLS], [SEP] and the like.")
  private boolean bare;

  @Option(names = "--max-length", paramLabel = "N", description = "Truncate to so many tokens.")
  private int longest;

  @Option(names = "--table", description = "Print a line a token.")
  private boolean table;

  @Option(names = "--json", description = "Print JSON, an object a text.")
  private boolean json;

  @Option(
      names = "--code-points",
      description = "Count offsets in Unicode code points, not in UTF-16 units.")
  private boolean codePoints;

  @Mixin private TokenizerChoice choice;
  @ParentCommand private Lanewise lanewise;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (longest < 0) {
      throw new ParameterException(spec.commandLine(), "--max-length is negative");
    }
    var tokenizer = choice.load();
    if (texts.isEmpty()) {
      var input = new TextLines(lanewise.in());
      for (var line = input.next(); line != null; line = input.next()) {
        print(tokenizer, line);
        lanewise.results().flush();
      }
    } else {
      texts.forEach(text -> print(tokenizer, text));
    }
    return 0;
  }

  private void print(Tokenizer tokenizer, String text) {
    var options =
        EncodeOptions.DEFAULT
            .withAddSpecialTokens(!bare)
            .withMaxLength(longest)
            .withOffsets(codePoints ? OffsetUnit.CODE_POINTS : OffsetUnit.UTF_16);
    var encoding = tokenizer.encode(text, pair, options);
    if (json) {
      printJson(encoding);
    } else if (table) {
      printTable(encoding);
    } else {
      lanewise
          .results()
          .line(
              Arrays.stream(encoding.ids())
                  .mapToObj(Integer::toString)
                  .collect(Collectors.joining(" ")));
    }
  }

  private void printTable(Encoding encoding) {
    var rows = new Table("rrlrrr");
    rows.row("", "id", "token", "start", "end", "word");
    for (int i = 0; i < encoding.length(); i++) {
      int word = encoding.wordIds()[i];
      rows.row(
          Integer.toString(i),
          Integer.toString(encoding.ids()[i]),
          encoding.token(i),
          Integer.toString(encoding.starts()[i]),
          Integer.toString(encoding.ends()[i]),
          word < 0 ? "-" : Integer.toString(word));
    }
    rows.print(lanewise.results(), "");
  }

  private void printJson(Encoding encoding) {
    var object = Json.mapper().createObjectNode();
    var tokens = object.putArray("tokens");
    List.of(encoding.tokens()).forEach(tokens::add);
    putAll(object.putArray("input_ids"), encoding.ids());
    putAll(object.putArray("token_type_ids"), encoding.typeIds());
    putAll(object.putArray("attention_mask"), encoding.attentionMask());
    putAll(object.putArray("special_tokens_mask"), encoding.specialTokensMask());
    var offsets = object.putArray("offsets");
    var words = object.putArray("word_ids");
    for (int i = 0; i < encoding.length(); i++) {
      offsets.addArray().add(encoding.starts()[i]).add(encoding.ends()[i]);
      if (encoding.wordIds()[i] < 0) {
        words.addNull();
      } else {
        words.add(encoding.wordIds()[i]);
      }
    }
    try {
      lanewise.results().line(Json.mapper().writeValueAsString(object));
    } catch (IOException e) {
      throw new Results.Lost(e);
    }
  }

  private static void putAll(ArrayNode array, int[] values) {
    for (int value : values) {
      array.add(value);
    }
  }
}
