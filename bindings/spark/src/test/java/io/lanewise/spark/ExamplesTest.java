package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page and of the Javadoc are tried. */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "lanewise", "spark");
  private static final Pattern IN_JAVADOC =
      Pattern.compile("<pre>\\{@code\\n(.*?)^ \\* \\}</pre>", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern REGISTERED =
      Pattern.compile("registerJavaFunction\\(\"(\\w+)\", \"([\\w.]+)\", \"([^\"]+)\"\\)");

  /** An example with what a reader takes for granted. */
  private static String wrapped(String name, String example) {
    var given = example.contains("var embed =") ? "" : ", EmbedTransformer embed";
    return """
    import io.lanewise.spark.*;
    import org.apache.spark.ml.*;
    import org.apache.spark.sql.*;
    import org.apache.spark.sql.types.DataType;
    class %s {
      void run(SparkSession given, Dataset<Row> texts, String folder%s) throws Exception {
        %s
        %s
      }
    }
    """
        .formatted(
            name, given, example.contains("var spark =") ? "" : "var spark = given;", example);
  }

  private static String page() throws IOException {
    return Files.readString(Path.of(System.getProperty("lanewise.core"), "src/docs/spark.md"));
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(page())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static String compile(List<String> examples, Path folder) {
    var sources = new ArrayList<JavaFileObject>();
    for (var example : examples) {
      var name = "Example" + sources.size();
      var source = wrapped(name, example);
      sources.add(
          new SimpleJavaFileObject(
              URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return source;
            }
          });
    }
    var said = new StringWriter();
    var options = List.of("-proc:none", "-d", folder.toString());
    boolean done =
        ToolProvider.getSystemJavaCompiler()
            .getTask(said, null, null, options, null, sources)
            .call();
    return done ? "" : said.toString();
  }

  @Test
  void javaCompiles(@TempDir Path folder) throws IOException {
    var examples = blocks("java");
    assertThat(examples).hasSize(2);
    assertThat(compile(examples, folder)).isEmpty();
  }

  @Test
  void everyPublicClassHasAnExampleThatCompiles(@TempDir Path folder) throws IOException {
    var examples = new ArrayList<String>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (var file : files.sorted().toList()) {
        var source = Files.readString(file);
        var found = IN_JAVADOC.matcher(source);
        boolean shown = found.find();
        if (shown) {
          examples.add(found.group(1).replaceAll("(?m)^ \\* ?", ""));
        }
        boolean open =
            Pattern.compile("(?m)^public .*(class|record|interface) ").matcher(source).find();
        assertThat(shown || !open).as(file.toString()).isTrue();
      }
    }
    assertThat(examples).hasSizeGreaterThan(18);
    assertThat(compile(examples, folder)).isEmpty();
  }

  @Test
  void sqlRuns() throws IOException {
    var spark = Sessions.local();
    Sessions.texts(spark, List.of("Rome", "a gripping film")).createOrReplaceTempView("texts");
    var statements =
        blocks("sql")
            .getFirst()
            .replace("${embed}", Folders.EMBED)
            .replace("${classify}", Folders.CLASSIFY)
            .split(";\\s*");
    assertThat(statements).hasSize(4);
    for (var statement : statements) {
      assertThat(spark.sql(statement).collectAsList()).as(statement).isNotEmpty();
    }
    spark.conf().unset("spark.lanewise.embed.model");
  }

  /** What PySpark sends to the driver is the name, the class, and the type. */
  @Test
  void pythonRegistersAllFunctions() throws IOException {
    var spark = Sessions.local();
    var registered = new HashSet<String>();
    var found = REGISTERED.matcher(blocks("python").getFirst());
    while (found.find()) {
      var function =
          SqlFunction.valueOf(found.group(1).substring(9).toUpperCase(java.util.Locale.ROOT));
      var key = "spark.lanewise." + function.verb() + ".model";
      spark.conf().set(key, Folders.EMBED);
      var type = DataType.fromDDL(found.group(3));
      spark.udf().registerJava("page_" + function.verb(), found.group(2), type);
      spark.conf().unset(key);
      var transformer = function.transformer();
      assertThat(type.sql())
          .isEqualTo(
              function == SqlFunction.RERANK
                  ? "FLOAT"
                  : transformer.anyRows().type().sql().replace(" NOT NULL", ""));
      registered.add(function.sqlName());
    }
    assertThat(registered).hasSameSizeAs(SqlFunction.values());
    for (var function : SqlFunction.values()) {
      assertThat(page()).contains("`" + function.sqlName() + "(");
    }
  }

  @Test
  void everyParamIsOnThePage() throws IOException {
    var page = page();
    for (var function : SqlFunction.values()) {
      for (var param : function.transformer().params()) {
        assertThat(page).as(param.name()).contains("`" + param.name() + "`");
      }
      assertThat(page).contains("`" + function.transformer().getClass().getSimpleName() + "`");
    }
  }
}
