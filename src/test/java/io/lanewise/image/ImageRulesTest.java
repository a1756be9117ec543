package io.lanewise.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.image.planted.SharedArena;
import io.lanewise.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The library does nothing that a native image cannot do, and the rules would notice. */
class ImageRulesTest {
  @Test
  void theLibraryKeepsThem() throws IOException {
    var metadata = metadata();
    var rules = new ImageRules(ImageRulesTest::isVectorKernel, metadata::holds);
    assertThat(MainClasses.all()).hasSizeGreaterThan(200);
    assertThat(
            MainClasses.all().stream()
                .map(MainClasses::name)
                .filter(ImageRulesTest::isVectorKernel))
        .contains(
            "io.lanewise.kernel.vector.VectorGemm",
            "io.lanewise.kernel.vector.TilesFor32Registers");
    assertThat(rules.check(MainClasses.all())).isEmpty();
  }

  @Test
  void theyFindEveryPlantedMistake() throws IOException {
    var rules = new ImageRules(_ -> true, metadata()::holds);
    var planted = "io.lanewise.image.planted.";
    assertThat(rules.check(MainClasses.beside(SharedArena.class)))
        .containsExactlyInAnyOrder(
            planted + "SharedArena.open: Arena.ofShared",
            planted + "SpeciesCopy.SPECIES: an own copy of a species",
            planted + "Exponential.apply: lanewise(EXP)",
            planted + "WronglyGuarded.image: lanewise(TANH)",
            planted + "Reflecting.look: reflection: Class.forName",
            planted + "Reflecting.look: reflection: Class.getMethod",
            planted + "Reflecting.look: reflection: Method.invoke",
            planted + "Services.first: ServiceLoader.load",
            planted + "Services.first: ServiceLoader.findFirst",
            planted + "Resources.forgotten: resource /messages.txt",
            planted + "Resources.computed: resource null",
            planted + "ScalarLoop.sum: scalar access to a segment in a loop",
            planted + "MaskedLoad.load: masked operation indexInRange",
            planted + "MaskedLoad.load: masked operation fromArray",
            planted + "FloatToInt.round: conversion F2I",
            planted + "FloatToInt.round: conversion convert");
  }

  /** Slow code is meant to be slow: the scalar kernels are the specification. */
  private static boolean isVectorKernel(String name) {
    return name.startsWith("io.lanewise.kernel.") && !name.contains(".Scalar");
  }

  private static ImageMetadata metadata() throws IOException {
    var name = "META-INF/native-image/io.github.lanewise/lanewise/reachability-metadata.json";
    try (var in = Model.class.getClassLoader().getResourceAsStream(name)) {
      return new ImageMetadata(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
