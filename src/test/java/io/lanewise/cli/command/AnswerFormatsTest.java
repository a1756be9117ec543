package io.lanewise.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.CsvPrinter;
import io.lanewise.cli.output.JsonLinesPrinter;
import io.lanewise.cli.output.JsonPrinter;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.TablePrinter;
import io.lanewise.cli.output.TextOutput;
import io.lanewise.task.Embedding;
import io.lanewise.task.FillMask;
import io.lanewise.task.FillMask.Candidate;
import io.lanewise.task.GeneratedText;
import io.lanewise.task.LabelScore;
import io.lanewise.task.Likelihood;
import io.lanewise.task.QuestionAnswerer.Answer;
import io.lanewise.task.Reranker.Ranked;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What each command writes for given answers, in each of its four formats, byte for byte as {@code
 * answers/formats.txt} has it.
 */
class AnswerFormatsTest {
  private static final Path EXPECTED =
      Path.of("src", "test", "resources", "answers", "formats.txt");

  /**
   * A command line, and answers as its task may give them.
   *
   * @param line command and options
   * @param answers one to each input, of the type of the command
   */
  private record Sample(String line, TaskCommand<?, ?> command, List<?> answers) {
    @Override
    public String toString() {
      return line;
    }
  }

  private static Sample sample(String line, Object... answers) {
    var words = line.split(" ", -1);
    var command = Commands.named(words[0]);
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(Arrays.copyOfRange(words, 1, words.length));
    return new Sample(line, (TaskCommand<?, ?>) command, List.of(answers));
  }

  private static FillMask.Answer masks(List<List<Candidate>> masks) {
    return new FillMask.Answer(masks.stream().map(FillMask.Mask::new).toList());
  }

  static List<Sample> samples() {
    var samples = new ArrayList<Sample>();
    var capital = new Candidate(0.25f, 23, "capital", "the \"capital\", say");
    var small = new Candidate(0.0000125f, 7, "=it", "=it");
    samples.add(
        sample(
            "fill-mask",
            masks(List.of(List.of(capital, small))),
            masks(List.of(List.of(small), List.of()))));
    samples.add(sample("fill-mask -k1", masks(List.of(List.of(capital), List.of(small)))));
    var good = new LabelScore(1, "GOOD", 0.75f);
    var bad = new LabelScore(0, "-bad, \"really\"", 0.25f);
    samples.add(sample("classify", List.of(good), List.of(bad)));
    samples.add(sample("classify -k2", List.of(good, bad), List.of(bad)));
    samples.add(sample("classify --threshold 0.9", List.of(), List.of(good)));
    samples.add(sample("tag", List.of(new Entity("PER", 0.5f, "Ada", 0, 3, Entity.NO_INDEX))));
    samples.add(sample("tag --aggregation none", List.of(new Entity("B-PER", 1f, "Ada", 0, 3, 1))));
    var rome = new Answer(0.125f, 13, 17, "Rome");
    var none = new Answer(0f, 0, 0, "");
    samples.add(sample("answer", List.of(rome), List.of(none)));
    samples.add(sample("answer -k2", List.of(rome, none)));
    samples.add(sample("zero-shot", new ZeroShotCommand.Answer("A match.", List.of(good, bad))));
    samples.add(sample("choose", List.of(good, bad)));
    samples.add(sample("next-sentence", 0.5f, 0.75f));
    samples.add(sample("next-sentence --order", 0.25f));
    samples.add(sample("similarity", 1f, -0.5f, 1e7f));
    samples.add(
        sample("rerank", List.of(new Ranked(1, "a \"b\"", -2.5f), new Ranked(0, "+c", -3f))));
    var token = new Likelihood.Token(5, "▁Par", 0, 3, -1.5);
    samples.add(sample("score", new Likelihood(List.of(token), -1.5, 4.4816890703)));
    samples.add(sample("score", new Likelihood(List.of(), 0, Double.NaN)));
    samples.add(sample("score --tokens", new Likelihood(List.of(token), -1.5, 4.4816890703)));
    var tokenizer = Tokenizer.load(Path.of("weights", "albert-tiny-demo"));
    var encoding = tokenizer.encode("Hello, world", "x");
    samples.add(sample("tokenize", encoding, encoding));
    samples.add(sample("tokenize --table", encoding, encoding));
    samples.add(
        sample(
            "decode",
            new DecodeCommand.Decoded(new int[] {2, 13}, List.of("[CLS]", "▁a"), "[CLS] a")));
    var written =
        List.of(
            new GeneratedText("one\ttwo", new int[] {1}, 0f, null),
            new GeneratedText("@three", new int[] {2}, 0f, null));
    samples.add(
        new Sample("summarize", new GeneratedTexts("summary_text", null, null), List.of(written)));
    return samples;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyFormatFollowsFromOneDescription(Sample sample) throws IOException {
    var format = sample.command.format();
    var field = sample.command.field();
    assertThat(all(sample.line, field, format, sample.answers)).isSubstringOf(expected());
  }

  /** The width of vectors is the model's, so the command cannot say it alone. */
  @Test
  void vectorsHaveAColumnANumber() throws IOException {
    var vector = new Embedding(new float[] {0.5f, -0.25f, 1e-5f, 0f, 1f, 2f, 3f, 1e-7f});
    var format = EmbedCommand.format(8);
    assertThat(all("embed", "text", format, List.of(vector))).isSubstringOf(expected());
  }

  /** Each of the commands that answer inputs has a sample here. */
  @Test
  void noCommandIsLeftOut() {
    var answering =
        new CommandLine(new Commands(null, null, null, null))
            .getSubcommands().entrySet().stream()
                .filter(each -> each.getValue().getCommand() instanceof TaskCommand<?, ?>)
                .map(Map.Entry::getKey);
    var shown = samples().stream().map(each -> each.line.split(" ", -1)[0]);
    assertThat(Stream.concat(shown, Stream.of("embed")).collect(Collectors.toSet()))
        .containsAll(answering.toList());
  }

  private static String expected() throws IOException {
    return Files.readString(EXPECTED);
  }

  @SuppressWarnings("unchecked") // a sample's answers are of its command's type
  private static <A> String all(
      String line, String field, AnswerFormat<A> format, List<?> answers) {
    var typed = (List<A>) answers;
    boolean several = format.layout() != AnswerFormat.Layout.WITHOUT_TEXT;
    return section(line, field, typed, output -> new TablePrinter<>(field, format, output, false))
        + section(
            line + ", several",
            field,
            typed,
            output -> new TablePrinter<>(field, format, output, several))
        + section(line + " --csv", field, typed, out -> new CsvPrinter<>(field, format, out))
        + section(line + " --json", field, typed, out -> new JsonPrinter<>(format, out))
        + section(line + " --jsonl", field, typed, out -> new JsonLinesPrinter<>(format, out));
  }

  @FunctionalInterface
  private interface Printing<A> {
    Printer<A> on(TextOutput output);
  }

  private static <A> String section(
      String line, String field, List<A> answers, Printing<A> printing) {
    var bytes = new ByteArrayOutputStream();
    try (var printer = printing.on(new TextOutput(bytes, false))) {
      for (int i = 0; i < answers.size(); i++) {
        printer.print(InputRecord.of(Map.of(field, "input " + i)), answers.get(i));
      }
      printer.printError(InputRecord.of(Map.of(field, "wrong")), "it \"fails\"");
      printer.end();
    }
    return "== " + line + "\n" + bytes.toString(StandardCharsets.UTF_8);
  }
}
