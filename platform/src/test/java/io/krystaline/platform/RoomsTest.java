package io.krystaline.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import what in the platform. */
final class RoomsTest {
  private static final String ROOT = "io.krystaline.platform.";

  private static final JavaClasses PLATFORM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.krystaline.platform");

  @Test
  void rooms_haveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(PLATFORM);
  }

  @Test
  void platform_knowsNoService() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.krystaline.sink..", "io.krystaline.engine..")
        .check(PLATFORM);
  }

  @Test
  void config_importsJdkAndJackson() {
    only("config", "com.fasterxml.jackson.core..", "com.fasterxml.jackson.dataformat.yaml..");
  }

  @Test
  void lifecycle_importsJdkAndSlf4j() {
    only("lifecycle", "org.slf4j..");
  }

  @Test
  void json_importsJdkAndJackson() {
    only("json", "com.fasterxml.jackson..");
  }

  @Test
  void telemetry_importsItsLibrariesAndConfig() {
    only(
        "telemetry",
        ROOT + "config..",
        "io.opentelemetry..",
        "io.prometheus.metrics..",
        "ch.qos.logback..",
        "org.slf4j..",
        "com.fasterxml.jackson.core..");
  }

  @Test
  void edges_stayInTheirRooms() {
    onlyIn("http", "io.netty..");
    onlyIn("db", "org.jdbi..", "com.zaxxer.hikari..", "org.flywaydb..", "io.zonky..");
    onlyIn("telemetry", "ch.qos.logback..", "io.prometheus..");
  }

  @Test
  void statics_areFinal() {
    com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .check(PLATFORM);
  }

  private void only(String room, String... imports) {
    String[] allowed = new String[imports.length + 3];
    System.arraycopy(imports, 0, allowed, 0, imports.length);
    allowed[imports.length] = ROOT + room + "..";
    allowed[imports.length + 1] = "java..";
    allowed[imports.length + 2] = "org.jspecify.annotations..";
    classes()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(PLATFORM);
  }

  private void onlyIn(String room, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(PLATFORM);
  }
}
