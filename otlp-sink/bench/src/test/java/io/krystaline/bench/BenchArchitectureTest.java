package io.krystaline.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import what among the benchmark's rooms. */
@AnalyzeClasses(
    packages = "io.krystaline.bench",
    importOptions = ImportOption.DoNotIncludeTests.class)
class BenchArchitectureTest {

  @ArchTest
  static final ArchRule rooms_haveNoCycles =
      slices().matching("io.krystaline.bench.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule grpc_staysWhereItIsSentAndInTheReference =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.krystaline.bench.send", "io.krystaline.bench.reference")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.netty..");

  @ArchTest
  static final ArchRule theSink_isMeasuredOverItsPortsOnly =
      noClasses()
          .that()
          .resideInAPackage("io.krystaline.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.krystaline.sink..");

  @ArchTest
  static final ArchRule processes_knowNothingOfTheLoad =
      noClasses()
          .that()
          .resideInAPackage("io.krystaline.bench.process")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.krystaline.bench.load", "io.krystaline.bench.send");
}
