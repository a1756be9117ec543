package io.lanewise.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.InProcess;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code serve} refuses before it listens; what it answers is tried in {@code serve}. */
class ServeCommandTest {
  private static final String DEMO = "weights/albert-tiny-demo";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 70000|2|--port 70000: give 0 to 65535",
        "--batch-tokens 0|2|--batch-tokens 0: give 1 or more",
        "--max-queue-tokens -1|2|--max-queue-tokens -1: give 1 or more",
        "--threads 0|2|--threads 0: give 1 to 1024",
        "--model a=" + DEMO + " --model a=" + DEMO + "|2|give each model a name of its own",
        "--model " + DEMO + " --task nothing|2|--task nothing: give one of embedding",
        "--model " + DEMO + " --task other=reranker|2|no --model has this name",
        "--model weights/none|1|weights/none",
        "--model " + DEMO + " --task question-answering|1|qa_outputs",
        "--host 192.0.2.1 --port 0 --model " + DEMO + "|1|cannot listen at 192.0.2.1"
      })
  void whatCannotBeServedIsRefusedAtOnce(String arguments, int code, String said) {
    var ended = InProcess.run(InputStream.nullInputStream(), ("serve " + arguments).split(" "));
    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    assertThat(ended.err()).contains(said);
  }
}
