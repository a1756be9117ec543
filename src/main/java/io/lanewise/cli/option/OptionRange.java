package io.lanewise.cli.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The bounds of options that are numbers: where all commands check them. */
public final class OptionRange {
  private OptionRange() {}

  /**
   * Refuses a number below 1.
   *
   * @param number null where the option was not given
   */
  public static void checkFromOne(CommandSpec command, String option, Integer number) {
    if (number != null && number < 1) {
      throw refusal(command, option, number, "1 or more");
    }
  }

  /**
   * Refuses a number outside of its bounds, and NaN.
   *
   * @param number null where the option was not given
   */
  public static void check(CommandSpec command, String option, Number number, int least, int most) {
    if (number != null && !(number.doubleValue() >= least && number.doubleValue() <= most)) {
      throw refusal(command, option, number, least + " to " + most);
    }
  }

  private static ParameterException refusal(
      CommandSpec command, String option, Number number, String bounds) {
    return new ParameterException(
        command.commandLine(), option + " " + number + ": give " + bounds);
  }
}
