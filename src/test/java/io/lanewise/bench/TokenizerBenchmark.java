package io.lanewise.bench;

import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Each tokenizer over paragraphs of {@link JdkText}, in microseconds for a paragraph: run it with
 * JMH's {@code org.openjdk.jmh.Main}. {@code -p vocabularies=FOLDER} says where albert/, bert/ and
 * so on are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenizerBenchmark {
  private static final int PARAGRAPHS = 4000;

  /** Where the folders of the tokenizers are. */
  @Param("src/test/resources/tokenizers/vocab")
  public String vocabularies;

  /** Which of them. */
  @Param({"albert", "bert", "nezha", "roberta"})
  public String name;

  /** As Hugging Face's fast or slow one. */
  @Param({"FAST", "SLOW"})
  public Flavor flavor;

  private Tokenizer tokenizer;
  private List<String> texts;
  private List<int[]> ids;

  /** A state for JMH to make. */
  public TokenizerBenchmark() {}

  /** Loads and encodes once. */
  @Setup
  public void load() {
    var options = TokenizerOptions.DEFAULT.withFlavor(flavor);
    tokenizer = Tokenizer.load(Path.of(vocabularies, name), options);
    texts = JdkText.english().subList(0, PARAGRAPHS);
    ids = texts.stream().map(tokenizer::encode).map(Encoding::ids).toList();
  }

  /** Text to ids, masks and offsets. */
  @Benchmark
  @OperationsPerInvocation(PARAGRAPHS)
  public void encode(Blackhole sink) {
    for (String text : texts) {
      sink.consume(tokenizer.encode(text));
    }
  }

  /** Ids to text. */
  @Benchmark
  @OperationsPerInvocation(PARAGRAPHS)
  public void decode(Blackhole sink) {
    for (int[] one : ids) {
      sink.consume(tokenizer.decode(one, true));
    }
  }
}
