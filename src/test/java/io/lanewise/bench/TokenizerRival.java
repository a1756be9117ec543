package io.lanewise.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An engine that encodes texts, one after another on one thread. */
sealed interface TokenizerRival extends AutoCloseable {
  /**
   * One pass over the texts.
   *
   * @param seconds CPU time of the one thread and, in the JVM, of its garbage collector
   * @param hash of all ids, without the special tokens around each text
   */
  record Pass(double seconds, long hash) {}

  String name();

  Pass pass(List<String> texts);

  @Override
  default void close() {}

  /** The hash over one more id. */
  static long hash(long hash, long id) {
    return hash * 1_000_003 + id + 1;
  }

  /** CPU time of this thread and of the collector, which has one thread too, in seconds. */
  static double cpuSeconds() {
    long collecting = 0;
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collecting += collector.getCollectionTime();
    }
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9 + collecting / 1e3;
  }

  /** An engine in this process. */
  sealed interface Inside extends TokenizerRival {
    /** Encodes one text and goes on with the hash. */
    long encode(String text, long hash);

    @Override
    default Pass pass(List<String> texts) {
      double start = cpuSeconds();
      long hash = 0;
      for (String text : texts) {
        hash = encode(text, hash);
      }
      return new Pass(cpuSeconds() - start, hash);
    }
  }

  /** Lanewise, with offsets, masks and word ids. */
  record Lanewise(Tokenizer tokenizer) implements Inside {
    @Override
    public String name() {
      return "Lanewise";
    }

    @Override
    public long encode(String text, long before) {
      long hash = before;
      var encoding = tokenizer.encode(text, EncodeOptions.DEFAULT);
      int[] ids = encoding.ids();
      int[] ends = encoding.ends();
      for (int i = 1; i < ids.length - 1; i++) {
        hash = hash(hash, ids[i]);
      }
      if (ids.length > 2 && ends[ids.length - 2] > text.length()) {
        throw new IllegalStateException("an offset lies outside the text");
      }
      return hash;
    }
  }

  /** Hugging Face's Rust library through DJL's binding. */
  record HuggingFace(HuggingFaceTokenizer tokenizer) implements Inside {
    @Override
    public String name() {
      return "tokenizers by DJL";
    }

    @Override
    public long encode(String text, long before) {
      long hash = before;
      long[] ids = tokenizer.encode(text).getIds();
      for (int i = 1; i < ids.length - 1; i++) {
        hash = hash(hash, ids[i]);
      }
      return hash;
    }

    @Override
    public void close() {
      tokenizer.close();
    }
  }

  /** JTokkit with GPT-2's merges, which are RoBERTa's; it has no offsets. */
  record JTokkit(com.knuddels.jtokkit.api.Encoding encoding, int[] ids) implements Inside {
    /** Its numbers go by the rank of the merge; the pieces tell whose number each is. */
    static JTokkit of(Path merges, Tokenizer tokenizer) {
      var encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
      try {
        var lines = Files.readAllLines(merges);
        var ids = new int[256 + lines.size() - 1];
        int next = 0;
        for (int[] range : new int[][] {{0x21, 0x7E}, {0xA1, 0xAC}, {0xAE, 0xFF}, {0x100, 0x143}}) {
          for (int c = range[0]; c <= range[1]; c++) {
            ids[next++] = tokenizer.id(Character.toString(c)).orElseThrow();
          }
        }
        for (String line : lines.subList(1, lines.size())) {
          ids[next++] = tokenizer.id(line.replace(" ", "")).orElseThrow();
        }
        return new JTokkit(encoding, ids);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String name() {
      return "JTokkit";
    }

    @Override
    public long encode(String text, long before) {
      long hash = before;
      var found = encoding.encodeOrdinary(text);
      for (int i = 0; i < found.size(); i++) {
        hash = hash(hash, ids[found.get(i)]);
      }
      return hash;
    }
  }

  /** Hugging Face's Rust library through its Python binding: a process that answers by the line. */
  record Python(Process process, BufferedReader answers) implements TokenizerRival {
    static Python start(String python, Path worker, Path json) {
      try {
        var builder =
            new ProcessBuilder(python, worker.toString(), json.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("TOKENIZERS_PARALLELISM", "false"));
        var process = builder.start();
        return new Python(
            process,
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(python + " cannot be started", e);
      }
    }

    @Override
    public String name() {
      return "tokenizers by Python";
    }

    @Override
    public Pass pass(List<String> texts) {
      try {
        var file = Files.createTempFile("texts", ".txt");
        try {
          Files.writeString(file, String.join("\0", texts));
          process.outputWriter(StandardCharsets.UTF_8).write(file + "\n");
          process.outputWriter(StandardCharsets.UTF_8).flush();
          String answer = answers.readLine();
          if (answer == null) {
            throw new IllegalStateException("the Python worker has ended: see its last words");
          }
          String[] words = answer.split(" ", -1);
          return new Pass(Double.parseDouble(words[0]), Long.parseLong(words[1]));
        } finally {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
