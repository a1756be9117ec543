package io.lanewise;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows in the house point down only. */
class LayersTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.lanewise");

  @Test
  void arrowsPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("io.lanewise.cli..")
        .layer("task")
        .definedBy("io.lanewise.task..")
        .layer("generate")
        .definedBy("io.lanewise.generate..")
        .layer("model")
        .definedBy("io.lanewise.model..")
        .layer("nn")
        .definedBy("io.lanewise.nn..")
        .layer("tokenizer")
        .definedBy("io.lanewise.tokenizer..")
        .layer("checkpoint")
        .definedBy("io.lanewise.checkpoint..")
        .layer("kernel")
        .definedBy("io.lanewise.kernel..")
        .layer("openblas")
        .definedBy("io.lanewise.openblas..")
        .layer("onednn")
        .definedBy("io.lanewise.onednn..")
        .layer("tensor")
        .definedBy("io.lanewise.tensor..")
        .layer("json")
        .definedBy("io.lanewise.json..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("task")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("generate")
        .mayOnlyBeAccessedByLayers("task", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("generate", "task", "cli")
        .whereLayer("nn")
        .mayOnlyBeAccessedByLayers("model", "generate")
        .whereLayer("tokenizer")
        .mayOnlyBeAccessedByLayers("task", "cli")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("nn", "model", "generate", "task", "cli")
        .whereLayer("kernel")
        .mayOnlyBeAccessedByLayers("nn", "model", "task", "cli")
        .whereLayer("openblas")
        .mayOnlyBeAccessedByLayers("kernel")
        .whereLayer("onednn")
        .mayOnlyBeAccessedByLayers("kernel")
        .whereLayer("json")
        .mayOnlyBeAccessedByLayers("checkpoint", "tokenizer", "model", "task", "cli")
        .layer("file")
        .definedBy("io.lanewise.file..")
        .whereLayer("file")
        .mayOnlyBeAccessedByLayers("json", "checkpoint", "tokenizer", "cli")
        .whereLayer("tensor")
        .mayOnlyBeAccessedByLayers("kernel", "checkpoint", "nn", "model", "generate", "task", "cli")
        .ignoreDependency(alwaysTrue(), resideInAPackage("io.lanewise"))
        .check(HOUSE);
  }
}
