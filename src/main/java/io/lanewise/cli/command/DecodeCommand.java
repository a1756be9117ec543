package io.lanewise.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.TokenizerChoice;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.AnswerFormat.Layout;
import io.lanewise.cli.output.Column;
import io.lanewise.text.Excerpt;
import io.lanewise.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The text of token ids. */
@Command(
    name = "decode",
    description = {
      "Turns token ids back into text. The TEXTs are the ids of one text; each line of a file or of"
          + " standard input is those of another, with spaces or commas between them.",
      "Prints a line a text."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: input_ids, a list of numbers, or a text with them.",
      "\"result\" is {input_ids, tokens, text}.",
      "",
      "Example: lanewise tokenize \"Hello\" | lanewise decode --skip-specials"
    })
final class DecodeCommand implements Callable<Integer>, TaskCommand<int[], DecodeCommand.Decoded> {
  @Mixin private JobOptions job;

  @Option(names = "--skip-specials", description = "Leave out [CLS], [SEP] and the like.")
  private boolean skip;

  @Option(
      names = "--clean-up",
      negatable = true,
      description = "Take the space away before punctuation; default: as the files say.")
  private Boolean cleanUp;

  @Mixin private TokenizerChoice choice;
  @ParentCommand private RootCommand root;
  private Tokenizer tokenizer;

  /** A text, and the tokens that it is made of. */
  record Decoded(int[] ids, List<String> tokens, String text) {}

  @Override
  public Integer call() {
    job.check();
    job.joinTexts();
    tokenizer = choice.load();
    return job.run(root, this);
  }

  @Override
  public String field() {
    return "input_ids";
  }

  @Override
  public int[] input(InputRecord given) {
    return given.array(field()).map(DecodeCommand::ids).orElseGet(() -> parse(given.text(field())));
  }

  private static int[] ids(JsonNode list) {
    return IntStream.range(0, list.size())
        .map(
            i -> {
              if (!list.get(i).canConvertToExactIntegral() || !list.get(i).canConvertToInt()) {
                throw new InputException(
                    "field \"input_ids\" holds " + Excerpt.of(list.get(i).toString()) + ", no id");
              }
              return list.get(i).intValue();
            })
        .toArray();
  }

  private static int[] parse(String line) {
    var words = new StringTokenizer(line, " \t,[]");
    return IntStream.range(0, words.countTokens())
        .map(
            _ -> {
              var word = words.nextToken();
              try {
                return Integer.parseInt(word);
              } catch (NumberFormatException e) {
                throw new InputException(
                    Excerpt.quoted(word) + " stands where an id is expected, such as 13", e);
              }
            })
        .toArray();
  }

  @Override
  public List<Decoded> answer(List<int[]> inputs) {
    return inputs.stream().map(this::decode).toList();
  }

  private Decoded decode(int[] ids) {
    return new Decoded(
        ids,
        Arrays.stream(ids).mapToObj(tokenizer::token).toList(),
        cleanUp == null ? tokenizer.decode(ids, skip) : tokenizer.decode(ids, skip, cleanUp));
  }

  @Override
  public AnswerFormat<Decoded> format() {
    return AnswerFormat.object(
            List.<Column<Decoded>>of(
                Column.jsonOnly("input_ids", Decoded::ids),
                Column.jsonOnly("tokens", Decoded::tokens),
                Column.text("text", Decoded::text)))
        .withLayout(Layout.WITHOUT_TEXT);
  }
}
