/**
 * Hugging Face encoder-family transformers on the CPU of the JVM.
 *
 * <p>Everything that is {@code static} here is optional at run time: picocli, the progress bar and
 * the management modules serve the command line only, jHDF and msgpack the weights of TensorFlow
 * and Flax, without the Vector API module the scalar kernels step in, and JSpecify's annotations
 * tell compilers what may be null.
 */
@SuppressWarnings("requires-automatic")
module io.lanewise {
  requires com.fasterxml.jackson.databind;
  requires java.net.http;
  requires static info.picocli;
  requires static io.jhdf;
  requires static java.management;
  requires static jdk.httpserver;
  requires static jdk.incubator.vector;
  requires static jdk.management;
  requires static me.tongfei.progressbar;
  requires static msgpack.core;
  requires static transitive org.jspecify;

  exports io.lanewise;
  exports io.lanewise.checkpoint;
  exports io.lanewise.generate;
  exports io.lanewise.model;
  exports io.lanewise.task;
  exports io.lanewise.task.attention;
  exports io.lanewise.tensor;
  exports io.lanewise.tokenizer;

  opens io.lanewise.cli.command to
      info.picocli;
  opens io.lanewise.cli.option to
      info.picocli;
}
