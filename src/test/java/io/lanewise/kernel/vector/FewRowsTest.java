package io.lanewise.kernel.vector;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Sample;
import io.lanewise.kernel.Sample.Layout;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Region;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products of a few rows: by one panel, by two at a time, and by an odd number of panels. */
@Tag("every-vector-width")
class FewRowsTest {
  private static final int MANY = 24;

  private final Region region = Region.open();
  private final Workers one = new Workers(1);

  @AfterEach
  void free() {
    region.close();
    one.close();
  }

  @ParameterizedTest
  @EnumSource
  void theirBitsAreThoseOfTheRowsAmongMany(Precision precision) {
    int outputs = 5 * Panels.width() - 3;
    var gemm = new VectorGemm(one, precision);
    for (int inputs : new int[] {1, 13, 64, 257}) {
      var weights = Sample.normal(region, 1, outputs, inputs, Layout.SHIFTED).matrix();
      var bias = Sample.normal(region, 2, 1, outputs, Layout.ALIGNED).matrix().data();
      var packed = gemm.pack(List.of(weights), List.of(bias), region);
      var x = Sample.normal(region, 3, MANY, inputs, Layout.ALIGNED).matrix();
      var many = region.matrix(MANY, outputs);
      gemm.apply(x, packed, Activation.TANH, many);
      var array = x.toArray();
      for (int rows = 1; rows <= 11; rows++) {
        for (int panels = 1; panels <= 5; panels++) {
          var few = Sample.empty(region, MANY, outputs, Layout.ALIGNED).matrix();
          for (int first = 0; first < 5; first += panels) {
            FewRows.multiply(
                array,
                3,
                rows,
                packed,
                first,
                Math.min(first + panels, 5),
                Activation.TANH,
                few,
                new float[4 * Panels.width()],
                new float[Panels.width()]);
          }
          Sample.assertSameBits(many.rows(3, rows), few.rows(3, rows));
        }
      }
    }
  }
}
