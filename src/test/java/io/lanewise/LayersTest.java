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
        .layer("serve")
        .definedBy("io.lanewise.serve..")
        .layer("task")
        .definedBy("io.lanewise.task..")
        .layer("generate")
        .definedBy("io.lanewise.generate..")
        .layer("model")
        .definedBy("io.lanewise.model..", "io.lanewise.family..")
        .layer("nn")
        .definedBy("io.lanewise.nn..")
        .layer("tokenizer")
        .definedBy("io.lanewise.tokenizer..")
        .layer("checkpoint")
        .definedBy("io.lanewise.checkpoint..")
        .layer("hub")
        .definedBy("io.lanewise.hub..")
        .layer("kernel")
        .definedBy("io.lanewise.kernel..")
        .layer("openblas")
        .definedBy("io.lanewise.openblas..")
        .layer("onednn")
        .definedBy("io.lanewise.onednn..")
        .layer("memory")
        .definedBy("io.lanewise.memory..")
        .layer("tensor")
        .definedBy("io.lanewise.tensor..")
        .layer("json")
        .definedBy("io.lanewise.json..")
        .layer("text")
        .definedBy("io.lanewise.text..")
        .layer("file")
        .definedBy("io.lanewise.file..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("serve")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("task")
        .mayOnlyBeAccessedByLayers("serve", "cli")
        .whereLayer("generate")
        .mayOnlyBeAccessedByLayers("task", "serve", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("generate", "task", "serve", "cli")
        .whereLayer("nn")
        .mayOnlyBeAccessedByLayers("model", "generate")
        .whereLayer("tokenizer")
        .mayOnlyBeAccessedByLayers("task", "serve", "cli")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("nn", "model", "generate", "task", "serve", "cli")
        .whereLayer("hub")
        .mayOnlyBeAccessedByLayers("checkpoint")
        .whereLayer("kernel")
        .mayOnlyBeAccessedByLayers("nn", "model", "task", "cli")
        .whereLayer("openblas")
        .mayOnlyBeAccessedByLayers("kernel")
        .whereLayer("onednn")
        .mayOnlyBeAccessedByLayers("kernel")
        .whereLayer("json")
        .mayOnlyBeAccessedByLayers(
            "hub", "checkpoint", "tokenizer", "model", "task", "serve", "cli")
        .whereLayer("text")
        .mayNotAccessAnyLayer()
        .whereLayer("file")
        .mayNotAccessAnyLayer()
        .whereLayer("memory")
        .mayOnlyBeAccessedByLayers("kernel", "checkpoint", "nn", "model", "generate", "task", "cli")
        .whereLayer("tensor")
        .mayOnlyBeAccessedByLayers(
            "memory", "kernel", "checkpoint", "nn", "model", "generate", "task", "serve", "cli")
        .ignoreDependency(alwaysTrue(), resideInAPackage("io.lanewise"))
        .check(HOUSE);
  }
}
