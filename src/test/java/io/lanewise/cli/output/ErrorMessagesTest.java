package io.lanewise.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.cli.Run;
import io.lanewise.cli.command.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** A message names what the front end offers: methods in Java, options where somebody types. */
class ErrorMessagesTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");

  @TempDir private Path folder;

  @Test
  void eachFrontEndSpellsTheRemedy() {
    var e = new CheckpointException("a head is missing", Remedy.ALLOW_NEW_HEAD);
    assertThat(e).hasMessage("a head is missing (Options.withAllowNewHead(true))");
    assertThat(new ErrorMessages(Set.of("--allow-new-head")).of(e))
        .isEqualTo("a head is missing (--allow-new-head)");
    // What the command does not offer is no remedy there.
    assertThat(new ErrorMessages(Set.of("--threads")).of(e)).isEqualTo("a head is missing");
    var inner = InputException.at("text 3", e);
    assertThat(inner).hasMessage("text 3: a head is missing (Options.withAllowNewHead(true))");
    assertThat(inner.remedy()).contains(Remedy.ALLOW_NEW_HEAD);
    assertThat(new CheckpointException("none").remedy()).isEmpty();
  }

  /** Every option that a remedy is spelled with is one of some command. */
  @ParameterizedTest
  @EnumSource(Remedy.class)
  void theOptionsAreThere(Remedy remedy) {
    var commands = new CommandLine(new Commands(null, null, null, Terminal.NONE)).getSubcommands();
    var e = new CheckpointException("x", remedy);
    if (remedy == Remedy.DECODER) {
      return; // set by every command that needs it
    }
    assertThat(commands.values())
        .anyMatch(each -> ErrorMessages.of(each.getCommandSpec()).of(e).startsWith("x ("));
    for (var command : commands.values()) {
      var said = ErrorMessages.of(command.getCommandSpec()).of(e);
      assertThat(said).doesNotContain("with" + "A", "withM", "withH", "Options.");
    }
  }

  private static Run saysNoMethod(Run run) {
    assertThat(run.err())
        .isNotBlank()
        .doesNotContainPattern("allowNewHead|\\.with[A-Z]|Options\\.");
    return run;
  }

  @Test
  void theCommandLineNamesItsOptions() throws Exception {
    var sentiment = Path.of("weights", "albert-tiny-sentiment").toString();
    saysNoMethod(Run.of("fill-mask", "-m", sentiment, "[MASK]")).failed("(--allow-new-head)");
    saysNoMethod(Run.of("classify", "long ".repeat(400))).failed("(--max-length)");
    Files.writeString(folder.resolve("a"), "x");
    saysNoMethod(Run.of("convert", "-m", DEMO.toString(), "--out", folder.toString()))
        .failed("(--overwrite)");
    saysNoMethod(Run.of("next-sentence", "-m", DEMO.toString(), "--pair", "b", "a"))
        .failed("(next-sentence --order)");
    saysNoMethod(Run.of("classify", "--gemm", "openblas", "--dtype", "int8", "x"))
        .failed("(--gemm)");
    var rerank = TASKS.resolve("classes-bart-zero-shot").toString();
    saysNoMethod(Run.of("rerank", "-m", rerank, "-q", "x", "y")).failed("(lanewise classify)");
  }
}
