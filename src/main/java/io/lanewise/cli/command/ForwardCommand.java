package io.lanewise.cli.command;

import io.lanewise.checkpoint.Safetensors;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.Table;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One forward pass from tensors to tensors. */
@Command(
    name = "forward",
    description = "Runs one forward pass: tensors of a file in, tensors to a file out.",
    footer = {
      "",
      "Tensors have the names that Hugging Face gives them, such as input_ids, attention_mask,",
      "labels; logits, loss, hidden_states.0. Prints a line a result: name, type, shape."
    })
final class ForwardCommand implements Callable<Integer> {
  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      required = true,
      description = "Safetensors file with the inputs.")
  private Path inputs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Safetensors file to write the results to.")
  private Path out;

  @Option(names = "--hidden-states", description = "Write the output of each layer too.")
  private boolean hiddenStates;

  @Option(names = "--attentions", description = "Write the attention probabilities too.")
  private boolean attentions;

  @Option(
      names = "--head",
      paramLabel = "CLASS",
      description = {
        "Hugging Face class to load, such as AlbertForMaskedLM or ForMaskedLM;",
        "default: the one that config.json names."
      })
  private String head;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var folder = model.settings();
    var options = model.options(folder, root).withHead(head());
    var given = Inputs.of(Safetensors.read(inputs));
    var keep = EnumSet.noneOf(Keep.class);
    if (hiddenStates) {
      keep.add(Keep.HIDDEN_STATES);
    }
    if (attentions) {
      keep.add(Keep.ATTENTIONS);
    }
    try (var loaded = Model.load(folder, options)) {
      var results = loaded.forward(given, keep.toArray(Keep[]::new)).tensors();
      Safetensors.write(out, results);
      var table = new Table("lll");
      results.forEach(
          (name, tensor) -> table.row(name, tensor.dtype().name(), tensor.shape().toString()));
      table.print(root.results(), "");
    }
    return 0;
  }

  private Head head() {
    if (head == null) {
      return null;
    }
    return Head.named(head)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--head " + head + ": no such class; give one like AlbertForMaskedLM"));
  }
}
