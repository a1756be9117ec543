package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.TokenizerChoice;
import io.lanewise.cli.output.Column;
import io.lanewise.text.Excerpt;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
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
  public int[] input(InputRecord entry) {
    var ids = entry.fields().path("input_ids");
    if (!ids.isArray()) {
      return parse(entry.text("input_ids"));
    }
    return IntStream.range(0, ids.size())
        .map(
            i -> {
              if (!ids.get(i).canConvertToExactIntegral() || !ids.get(i).canConvertToInt()) {
                throw new InputException(
                    "field \"input_ids\" holds " + Excerpt.of(ids.get(i).toString()) + ", no id");
              }
              return ids.get(i).intValue();
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
  public boolean isBare() {
    return true;
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.text("text"));
  }

  @Override
  public List<List<Object>> rows(int[] ids, Decoded decoded) {
    return List.of(List.of(decoded.text));
  }

  @Override
  public void write(JsonGenerator out, Decoded decoded) throws IOException {
    out.writeStartObject();
    out.writeFieldName("input_ids");
    out.writeArray(decoded.ids, 0, decoded.ids.length);
    out.writeArrayFieldStart("tokens");
    for (var token : decoded.tokens) {
      out.writeString(token);
    }
    out.writeEndArray();
    out.writeStringField("text", decoded.text);
    out.writeEndObject();
  }
}
