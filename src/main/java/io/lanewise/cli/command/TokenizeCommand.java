package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.TokenizerChoice;
import io.lanewise.cli.output.Column;
import io.lanewise.task.TextPair;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The tokens of texts. */
@Command(
    name = "tokenize",
    description = {
      "Cuts texts into tokens and shows their ids.",
      "Prints a line a text, its ids; with --table a line a token: position, id, token, where it"
          + " starts and ends in the text, its word."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text, and pair for a second text. \"result\" is {tokens,",
      "input_ids, token_type_ids, attention_mask, special_tokens_mask, offsets, word_ids}.",
      "",
      "Example: lanewise tokenize --table \"The capital of France\""
    })
final class TokenizeCommand implements Callable<Integer>, Verb<TextPair, Encoding> {
  @Mixin private JobOptions job;

  @Option(names = "--pair", paramLabel = "TEXT", description = "A second text for each.")
  private String pair;

  @Option(names = "--no-specials", description = "Leave out [CLS], [SEP] and the like.")
  private boolean bare;

  @Option(names = "--table", description = "Print a line a token.")
  private boolean table;

  @Option(
      names = "--code-points",
      description = "Count offsets in Unicode code points, as Python does, not in UTF-16 units.")
  private boolean codePoints;

  @Mixin private TokenizerChoice choice;
  @ParentCommand private Lanewise lanewise;
  private Tokenizer tokenizer;

  @Override
  public Integer call() {
    job.check();
    tokenizer = choice.load();
    return job.run(lanewise, this);
  }

  @Override
  public TextPair input(Entry entry) {
    return new TextPair(entry.text("text"), entry.optionalText("pair").orElse(pair));
  }

  @Override
  public List<Encoding> answer(List<TextPair> inputs) {
    var options =
        EncodeOptions.DEFAULT
            .withAddSpecialTokens(!bare)
            .withMaxLength(job.maxLength())
            .withOffsets(codePoints ? OffsetUnit.CODE_POINTS : OffsetUnit.UTF_16);
    return inputs.stream()
        .map(each -> tokenizer.encode(each.first(), each.second(), options))
        .toList();
  }

  @Override
  public boolean isBare() {
    return !table;
  }

  @Override
  public boolean isHeaded() {
    return table;
  }

  @Override
  public List<Column> columns() {
    return !table
        ? List.of(Column.text("input_ids"))
        : List.of(
            Column.number("position"),
            Column.number("id"),
            Column.text("token"),
            Column.number("start"),
            Column.number("end"),
            Column.number("word"));
  }

  @Override
  public List<List<Object>> rows(TextPair text, Encoding encoding) {
    if (!table) {
      return List.of(
          List.of(
              Arrays.stream(encoding.ids())
                  .mapToObj(Integer::toString)
                  .collect(Collectors.joining(" "))));
    }
    var rows = new ArrayList<List<Object>>();
    for (int i = 0; i < encoding.length(); i++) {
      int word = encoding.wordIds()[i];
      rows.add(
          Arrays.asList(
              i,
              encoding.ids()[i],
              encoding.token(i),
              encoding.starts()[i],
              encoding.ends()[i],
              word < 0 ? null : word));
    }
    return rows;
  }

  @Override
  public void write(JsonGenerator out, Encoding encoding) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("tokens");
    for (var token : encoding.tokens()) {
      out.writeString(token);
    }
    out.writeEndArray();
    write(out, "input_ids", encoding.ids());
    write(out, "token_type_ids", encoding.typeIds());
    write(out, "attention_mask", encoding.attentionMask());
    write(out, "special_tokens_mask", encoding.specialTokensMask());
    out.writeArrayFieldStart("offsets");
    for (int i = 0; i < encoding.length(); i++) {
      out.writeArray(new int[] {encoding.starts()[i], encoding.ends()[i]}, 0, 2);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("word_ids");
    for (int word : encoding.wordIds()) {
      if (word < 0) {
        out.writeNull();
      } else {
        out.writeNumber(word);
      }
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, String name, int[] values) throws IOException {
    out.writeFieldName(name);
    out.writeArray(values, 0, values.length);
  }
}
