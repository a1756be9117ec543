package io.lanewise.spark;

import io.lanewise.InputException;
import io.lanewise.task.LabelScore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Types and values of cells. */
final class Cells {
  /** {@code ARRAY<STRUCT<label: STRING, score: FLOAT>>}. */
  static final DataType LABELS =
      structs(field("label", DataTypes.StringType), field("score", DataTypes.FloatType));

  private Cells() {}

  /** An array of structs, neither of which is null. */
  static DataType structs(StructField... fields) {
    return DataTypes.createArrayType(DataTypes.createStructType(fields), false);
  }

  /** A field that is never null. */
  static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  /** Labels as {@link #LABELS}. */
  static Row[] labels(List<LabelScore> labels) {
    return rows(labels, each -> RowFactory.create(each.label(), each.score()));
  }

  /** A row for each. */
  static <E> Row[] rows(List<E> each, Function<E, Row> row) {
    return each.stream().map(row).toArray(Row[]::new);
  }

  /** Whether a column of this type holds texts; one of nulls alone holds none that are not. */
  static boolean isText(DataType type) {
    return type instanceof StringType || type instanceof NullType;
  }

  /** Whether a column of this type holds lists of texts. */
  static boolean isTexts(DataType type) {
    return type instanceof ArrayType array && isText(array.elementType());
  }

  /** A cell of text. */
  static String text(Object cell) {
    return (String) cell;
  }

  /**
   * A cell of texts.
   *
   * @throws InputException if one of them is null
   */
  static List<String> texts(Object cell) {
    List<?> list = cell instanceof Seq<?> seq ? CollectionConverters.asJava(seq) : (List<?>) cell;
    var texts = new ArrayList<String>(list.size());
    for (var each : list) {
      if (each == null) {
        throw new InputException("text %d of %d is null".formatted(texts.size() + 1, list.size()));
      }
      texts.add((String) each);
    }
    return texts;
  }
}
