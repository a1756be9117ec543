package io.lanewise.cli.command;

import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.output.Table;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.attention.AttentionMaps;
import io.lanewise.task.attention.AttentionMaps.Kind;
import io.lanewise.task.attention.AttentionMaps.Part;
import io.lanewise.task.attention.AttentionPage;
import io.lanewise.task.attention.AttentionTask;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Which tokens look at which. */
@Command(
    name = "attention",
    description = "Shows which tokens of a text look at which.",
    footer = {
      "",
      "--html writes a page with all maps, to be opened in a browser; no network needed.",
      "",
      "Otherwise prints a line a token: its position, the token, and the tokens that it",
      "looks at most, each with its weight; the mean over all layers and heads that are",
      "not chosen. Layers and heads count from 0."
    })
final class AttentionCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TEXT", description = "The text.")
  private String text;

  @Option(names = "--pair", paramLabel = "TEXT", description = "A second text beside it.")
  private String pair;

  @Option(
      names = "--target",
      paramLabel = "TEXT",
      description = "The decoder's text in an encoder-decoder; default: the text itself.")
  private String target;

  @Option(
      names = "--global",
      paramLabel = "N",
      split = ",",
      description = {
        "Positions of the global tokens of a Longformer, counted from 0;",
        "default: those that its head chooses."
      })
  private List<Integer> globals;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page to look at.")
  private Path html;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "Print this attention: encoder, decoder or cross; default: the first.")
  private Kind kind;

  @Option(names = "--layer", paramLabel = "N", description = "Print this layer; default: all.")
  private Integer layer;

  @Option(names = "--head", paramLabel = "N", description = "Print this head; default: all.")
  private Integer head;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "How many tokens each looks at; default: 5.")
  private int top = 5;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    OptionRange.checkFromOne(spec, "--top-k", top);
    var question =
        new AttentionTask.Question(
            text,
            Optional.ofNullable(pair),
            Optional.ofNullable(target),
            Optional.ofNullable(globals).map(LinkedHashSet::new));
    var folder = model.settings();
    try (var attention = AttentionTask.load(folder, TaskOptions.of(model.options(folder)))) {
      var maps = attention.predict(question);
      if (html != null) {
        AttentionPage.write(maps, html);
      }
      if (html == null || kind != null || layer != null || head != null) {
        print(maps);
      }
    }
    return 0;
  }

  private void print(AttentionMaps maps) {
    var part = kind == null ? maps.parts().getFirst() : maps.part(kind);
    OptionRange.check(spec, "--layer", layer, 0, part.layers().size() - 1);
    OptionRange.check(spec, "--head", head, 0, part.heads() - 1);
    var table = new Table("rl" + "lr".repeat(Math.min(top, part.keys().size())));
    for (int query = 0; query < part.queries().size(); query++) {
      table.row(cells(part, query));
    }
    table.print(root.results(), "");
  }

  private String[] cells(Part part, int query) {
    var weights = part.mean(layer, head, query); // [keys]
    var best =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer key) -> -weights[key]))
            .limit(top)
            .toList();
    var cells = new String[2 + 2 * best.size()];
    cells[0] = String.valueOf(query);
    cells[1] = part.queries().get(query).piece();
    for (int i = 0; i < best.size(); i++) {
      cells[2 + 2 * i] = part.keys().get(best.get(i)).piece();
      cells[3 + 2 * i] = String.format(Locale.ROOT, "%.3f", weights[best.get(i)]);
    }
    return cells;
  }
}
