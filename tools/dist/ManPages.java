import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * One manual page in roff a command, from picocli's model of the command line: all that is needed
 * of roff is a dozen lines, where picocli's own way through AsciiDoc takes thirty megabytes.
 */
final class ManPages {
  private final Path folder;
  private final String version;

  ManPages(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  /** Writes {@code lanewise.1}, {@code lanewise-fill-mask.1} and so on. */
  void write(CommandLine command) throws IOException {
    var spec = command.getCommandSpec();
    var name = spec.qualifiedName("-");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".1"), page(name, command));
    for (var subcommand : command.getSubcommands().values()) {
      write(subcommand);
    }
  }

  private String page(String name, CommandLine command) {
    var spec = command.getCommandSpec();
    var usage = spec.usageMessage();
    var page = new StringBuilder();
    page.append(
        ".TH \"%s\" 1 \"\" \"Lanewise %s\"\n".formatted(escape(name.toUpperCase()), version));
    page.append(".SH NAME\n").append(escape(name)).append(" \\- ");
    page.append(text(usage.description())).append('\n');
    page.append(".SH SYNOPSIS\n.nf\n");
    page.append(text(command.getHelp().synopsis(0))).append("\n.fi\n");
    section(page, "OPTIONS", spec, true);
    section(page, "ARGUMENTS", spec, false);
    if (!command.getSubcommands().isEmpty()) {
      page.append(".SH COMMANDS\n");
      for (var entry : command.getSubcommands().entrySet()) {
        var about = entry.getValue().getCommandSpec().usageMessage();
        item(page, entry.getKey(), description(about));
      }
    }
    page.append(".SH \"EXIT STATUS\"\n");
    usage.exitCodeList().forEach((code, meaning) -> item(page, code, meaning));
    return page.toString();
  }

  private static String description(UsageMessageSpec usage) {
    return String.join(" ", usage.header().length > 0 ? usage.header() : usage.description());
  }

  private static void section(StringBuilder page, String title, CommandSpec spec, boolean options) {
    var arguments = options ? spec.options() : spec.positionalParameters();
    if (arguments.stream().allMatch(ArgSpec::hidden)) {
      return;
    }
    page.append(".SH ").append(title).append('\n');
    if (options) {
      for (var option : spec.options()) {
        if (!option.hidden()) {
          var label = option.arity().max() > 0 ? " " + option.paramLabel() : "";
          item(page, String.join(", ", option.names()) + label, rendered(option));
        }
      }
    } else {
      for (var parameter : spec.positionalParameters()) {
        item(page, parameter.paramLabel(), rendered(parameter));
      }
    }
  }

  private static String rendered(ArgSpec argument) {
    return String.join(" ", argument.renderedDescription());
  }

  private static void item(StringBuilder page, String term, String meaning) {
    page.append(".TP\n\\fB").append(text(term)).append("\\fR\n").append(text(meaning)).append('\n');
  }

  private static String text(String... lines) {
    return escape(Ansi.OFF.string(String.join("\n", lines).replace("%n", "\n").strip()));
  }

  /** A line that begins with a dot or an apostrophe would be a request. */
  private static String escape(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
  }
}
