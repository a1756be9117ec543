package io.lanewise.spark;

import io.lanewise.InputException;
import io.lanewise.task.ZeroShot;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.FloatParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The settings of functions: {@code spark.lanewise.embed.model} for one of them, {@code
 * spark.lanewise.maxLength} for all. Their names are those of the transformers' Params.
 */
final class FunctionSettings {
  private static final String PREFIX = "spark.lanewise.";
  private static final String ERRORS = "errorPolicy";

  /** Params that a function has no use for: it has arguments, and one row at a time. */
  private static final Set<String> OF_COLUMNS =
      Set.of("inputCol", "pairCol", "outputCol", "errorCol", "windowRows");

  private FunctionSettings() {}

  /**
   * What the session says for a function, by the names of Params; the session of this thread, or
   * else the application's.
   *
   * @throws InputException if a key is no setting
   */
  static Map<String, String> of(SqlFunction function) {
    var active = SparkSession.getActiveSession();
    var session = active.isDefined() ? active : SparkSession.getDefaultSession();
    if (session.isDefined()) {
      return of(function, CollectionConverters.asJava(session.get().conf().getAll()));
    }
    var environment = SparkEnv.get();
    var all = new TreeMap<String, String>();
    if (environment != null) {
      Arrays.stream(environment.conf().getAll()).forEach(each -> all.put(each._1(), each._2()));
    }
    return of(function, all);
  }

  /** The same from these. */
  static Map<String, String> of(SqlFunction function, Map<String, String> session) {
    var own = names(function);
    var general = new TreeMap<String, String>();
    var particular = new TreeMap<String, String>();
    for (var entry : session.entrySet()) {
      var key = entry.getKey();
      if (!key.startsWith(PREFIX) || key.equals(Models.MEMORY)) {
        continue;
      }
      var name = key.substring(PREFIX.length());
      if (name.startsWith(function.verb() + ".")) {
        var setting = name.substring(function.verb().length() + 1);
        if (!own.contains(setting)) {
          throw unknown(key, own);
        }
        particular.put(setting, entry.getValue());
      } else if (own.contains(name)) {
        general.put(name, entry.getValue());
      } else if (!isOfAnother(name)) {
        throw unknown(key, own);
      }
    }
    general.putAll(particular);
    return general;
  }

  private static InputException unknown(String key, Set<String> names) {
    return new InputException("there is no setting %s: there are %s".formatted(key, names));
  }

  /** Whether another function has this setting, or it is said for another function. */
  private static boolean isOfAnother(String name) {
    return Arrays.stream(SqlFunction.values())
        .anyMatch(each -> name.startsWith(each.verb() + ".") || names(each).contains(name));
  }

  private static Set<String> names(SqlFunction function) {
    var names = new TreeSet<String>();
    for (var param : function.transformer().params()) {
      if (!OF_COLUMNS.contains(param.name())) {
        names.add(param.name());
      }
    }
    return names;
  }

  /**
   * Sets the Params of a function's transformer.
   *
   * @return whether an input that cannot be answered gives null
   * @throws InputException if a setting is unknown or cannot be, or no model is named
   */
  static boolean set(
      LanewiseTransformer<?> transformer, SqlFunction function, Map<String, String> settings) {
    var names = names(function);
    var errors = "fail";
    for (var entry : settings.entrySet()) {
      var name = entry.getKey();
      if (!names.contains(name)) {
        throw unknown(function.sqlName() + ": " + name, names);
      }
      if (name.equals(ERRORS)) {
        errors = entry.getValue();
      } else {
        set(transformer, function, transformer.getParam(name), entry.getValue());
      }
    }
    if (!settings.containsKey("model")) {
      throw new InputException(
          "%s: no model is named: set %s%s.model before the function is registered, or call it as %s"
              .formatted(function.sqlName(), PREFIX, function.verb(), function.usage()));
    }
    return switch (errors) {
      case "fail" -> false;
      case "null" -> true;
      default ->
          throw new InputException(
              "%s: %s %s: give fail or null".formatted(function.sqlName(), ERRORS, errors));
    };
  }

  private static void set(
      LanewiseTransformer<?> transformer, SqlFunction function, Param<Object> param, String text) {
    try {
      transformer.set(param, value(param, text));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "%s: %s %s: it is %s".formatted(function.sqlName(), param.name(), text, param.doc()), e);
    }
  }

  private static Object value(Param<?> param, String text) {
    return switch (param) {
      case IntParam _ -> Integer.valueOf(text);
      case FloatParam _ -> Float.valueOf(text);
      case BooleanParam _ -> bool(text);
      case StringArrayParam _ -> ZeroShot.labels(text).toArray(String[]::new);
      default -> text;
    };
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }
}
