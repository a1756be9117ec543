package io.lanewise.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.image.planted.vectors.Door;
import java.lang.classfile.MethodModel;
import org.junit.jupiter.api.Test;

/** Vectors of the library go through one door and across no call, and the rules would notice. */
class VectorRulesTest {
  @Test
  void theLibraryKeepsThem() {
    var rules = new VectorRules("io/lanewise/kernel/Lanes");
    assertThat(rules.check(MainClasses.all())).isEmpty();
    assertThat(
            MainClasses.all().stream()
                .filter(type -> MainClasses.name(type).equals("io.lanewise.kernel.Lanes"))
                .flatMap(type -> type.methods().stream())
                .map(MethodModel::methodName)
                .map(Object::toString))
        .contains("load", "words", "store", "base", "offset");
  }

  @Test
  void theyFindEveryPlantedMistake() {
    var rules = new VectorRules("io/lanewise/image/planted/vectors/Door");
    var planted = MainClasses.beside(Door.class);
    var here = "io.lanewise.image.planted.vectors.";
    assertThat(planted.stream().map(MainClasses::name))
        .contains(here + "Door", here + "DirectLoad", here + "AcrossCalls", here + "Unresolved");
    assertThat(rules.check(planted))
        .containsExactlyInAnyOrder(
            here + "Door.crowded: more than the load or store in the door",
            here + "DirectLoad.sum: a load or store beside the door",
            here + "DirectLoad.clear: a load or store beside the door",
            here + "AcrossCalls.twice: takes or returns a vector and is not marked @ForceInline",
            here + "AcrossCalls.last: a vector in a field",
            here + "Unresolved.first: a segment that is not resolved by base");
  }
}
