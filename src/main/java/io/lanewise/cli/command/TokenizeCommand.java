package io.lanewise.cli.command;

import static java.util.stream.Collectors.joining;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.TokenizerChoice;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.AnswerFormat.Layout;
import io.lanewise.cli.output.Column;
import io.lanewise.task.TextPair;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
final class TokenizeCommand implements Callable<Integer>, TaskCommand<TextPair, Encoding> {
  /** A token of a text; the word is null for one that belongs to none. */
  private record Token(int position, int id, String text, int start, int end, Integer word) {}

  private static final List<Column<Token>> TOKEN_COLUMNS =
      List.of(
          Column.number("position", Token::position),
          Column.number("id", Token::id),
          Column.text("token", Token::text),
          Column.number("start", Token::start),
          Column.number("end", Token::end),
          Column.number("word", Token::word));

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
  @ParentCommand private RootCommand root;
  private Tokenizer tokenizer;

  @Override
  public Integer call() {
    job.check();
    tokenizer = choice.load();
    return job.run(root, this);
  }

  @Override
  public TextPair input(InputRecord given) {
    return new TextPair(given.text("text"), given.optionalText("pair").orElse(pair));
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
  public AnswerFormat<Encoding> format() {
    List<Column<Encoding>> fields =
        List.of(
            Column.jsonOnly("tokens", Encoding::tokens),
            Column.text("input_ids", TokenizeCommand::ids).withJson(Encoding::ids),
            Column.jsonOnly("token_type_ids", Encoding::typeIds),
            Column.jsonOnly("attention_mask", Encoding::attentionMask),
            Column.jsonOnly("special_tokens_mask", Encoding::specialTokensMask),
            Column.jsonOnly("offsets", TokenizeCommand::offsets),
            Column.jsonOnly("word_ids", TokenizeCommand::wordIds));
    return table
        ? AnswerFormat.list(TOKEN_COLUMNS)
            .of(TokenizeCommand::tokens)
            .withJson(fields)
            .withLayout(Layout.BELOW_TEXT_AND_NAMES)
        : AnswerFormat.object(fields).withLayout(Layout.WITHOUT_TEXT);
  }

  private static String ids(Encoding encoding) {
    return Arrays.stream(encoding.ids()).mapToObj(Integer::toString).collect(joining(" "));
  }

  private static List<int[]> offsets(Encoding encoding) {
    return IntStream.range(0, encoding.length())
        .mapToObj(i -> new int[] {encoding.starts()[i], encoding.ends()[i]})
        .toList();
  }

  /** The word of each token; null for a token that belongs to none. */
  private static List<Integer> wordIds(Encoding encoding) {
    var words = new ArrayList<Integer>();
    for (int word : encoding.wordIds()) {
      words.add(word < 0 ? null : word);
    }
    return words;
  }

  private static List<Token> tokens(Encoding encoding) {
    var words = wordIds(encoding);
    return IntStream.range(0, encoding.length())
        .mapToObj(
            i ->
                new Token(
                    i,
                    encoding.ids()[i],
                    encoding.token(i),
                    encoding.starts()[i],
                    encoding.ends()[i],
                    words.get(i)))
        .toList();
  }
}
