package io.lanewise.cli;

import io.lanewise.InputException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The text of token ids. */
@Command(
    name = "decode",
    description = "Turns token ids back into text.",
    footer = {
      "",
      "Prints the text of the ids, or a text a line of standard input. --json prints an",
      "object a text, a line each: input_ids, tokens, text."
    })
final class DecodeCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "Ids of one text; none: standard input, the ids of a text a line.")
  private List<String> ids = List.of();

  @Option(names = "--skip-specials", description = "Leave out [CLS], [SEP] and the like.")
  private boolean skip;

  @Option(
      names = "--clean-up",
      negatable = true,
      description = "Take the space away before punctuation; default: as the files say.")
  private Boolean cleanUp;

  @Option(names = "--json", description = "Print JSON, an object a text.")
  private boolean json;

  @Mixin private TokenizerChoice choice;
  @ParentCommand private Lanewise lanewise;

  @Override
  public Integer call() {
    var tokenizer = choice.load();
    if (!ids.isEmpty()) {
      print(tokenizer, parse(String.join(" ", ids)));
      return 0;
    }
    var input = new TextLines(lanewise.in());
    for (var line = input.next(); line != null; line = input.next()) {
      print(tokenizer, parse(line));
      lanewise.results().flush();
    }
    return 0;
  }

  private static List<Integer> parse(String line) {
    var parsed = new ArrayList<Integer>();
    var words = new StringTokenizer(line, " \t,[]");
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      try {
        parsed.add(Integer.valueOf(word));
      } catch (NumberFormatException e) {
        throw new InputException("\"" + word + "\" stands where an id is expected, such as 13", e);
      }
    }
    return parsed;
  }

  private void print(Tokenizer tokenizer, List<Integer> list) {
    int[] given = list.stream().mapToInt(Integer::intValue).toArray();
    String text =
        cleanUp == null ? tokenizer.decode(given, skip) : tokenizer.decode(given, skip, cleanUp);
    if (!json) {
      lanewise.results().line(text);
      return;
    }
    var object = Json.mapper().createObjectNode();
    var numbers = object.putArray("input_ids");
    var tokens = object.putArray("tokens");
    for (int id : given) {
      numbers.add(id);
      tokens.add(tokenizer.token(id));
    }
    object.put("text", text);
    try {
      lanewise.results().line(Json.mapper().writeValueAsString(object));
    } catch (IOException e) {
      throw new Results.Lost(e);
    }
  }
}
