package io.lanewise.spark;

import io.lanewise.InputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import scala.Function1;
import scala.Function2;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Makes all functions known to SQL, by {@code spark.sql.extensions}. Their settings are those of
 * the session when a query is analysed; a map as the last argument adds to them.
 *
 * <pre>{@code
 * var spark =
 *     SparkSession.builder()
 *         .config("spark.sql.extensions", LanewiseExtensions.class.getName())
 *         .getOrCreate();
 * spark.sql("SELECT lanewise_embed(text, map('model', 'intfloat/e5-small-v2')) FROM texts");
 * }</pre>
 */
public final class LanewiseExtensions implements SparkSessionExtensionsProvider {
  /** Made by Spark. */
  public LanewiseExtensions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (var function : SqlFunction.values()) {
      extensions.injectFunction(
          new Tuple3<>(
              new FunctionIdentifier(function.sqlName()),
              info(function),
              (Function1<Seq<Expression>, Expression>)
                  arguments -> expression(function, CollectionConverters.asJava(arguments))));
    }
    return BoxedUnit.UNIT;
  }

  private static ExpressionInfo info(SqlFunction function) {
    var none = "";
    return new ExpressionInfo(
        LanewiseExtensions.class.getName(),
        null,
        function.sqlName(),
        function.usage(),
        none,
        none,
        none,
        none,
        none,
        none,
        "java_udf");
  }

  private static Expression expression(SqlFunction function, List<Expression> arguments) {
    var settings = new HashMap<>(FunctionSettings.of(function));
    var inputs = new ArrayList<>(arguments);
    if (!inputs.isEmpty() && inputs.getLast().dataType() instanceof MapType) {
      settings.putAll(map(function, inputs.removeLast()));
    }
    var types = inputs.stream().map(Expression::dataType).toArray(DataType[]::new);
    var call = function.call(settings, types);
    var udf =
        types.length == 1
            ? (Function1<Object, Object> & Serializable) call::answer
            : (Function2<Object, Object, Object> & Serializable) call::answer;
    return new ScalaUDF(
        udf,
        call.answers().rows().type(),
        CollectionConverters.asScala(inputs).toSeq(),
        CollectionConverters.asScala(List.<Option<ExpressionEncoder<?>>>of()).toSeq(),
        Option.empty(),
        Option.apply(function.sqlName()),
        true,
        false); // otherwise the optimiser may have a model compute a row twice
  }

  /** A map of settings, which must be known before the query runs. */
  private static Map<String, String> map(SqlFunction function, Expression expression) {
    var settings = new HashMap<String, String>();
    if (!expression.foldable() || !(expression.eval(null) instanceof MapData map)) {
      throw new InputException(
          "%s: the map of settings must be a constant, such as map('model', '/models/e5')"
              .formatted(function.sqlName()));
    }
    var type = (MapType) expression.dataType();
    var keys = map.keyArray().toObjectArray(type.keyType());
    var values = map.valueArray().toObjectArray(type.valueType());
    for (int i = 0; i < keys.length; i++) {
      settings.put(String.valueOf(keys[i]), String.valueOf(values[i]));
    }
    return settings;
  }
}
