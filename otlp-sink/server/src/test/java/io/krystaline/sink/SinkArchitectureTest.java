package io.krystaline.sink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import what among the sink's rooms. */
@AnalyzeClasses(
    packages = "io.krystaline.sink",
    importOptions = ImportOption.DoNotIncludeTests.class)
class SinkArchitectureTest {

  @ArchTest
  static final ArchRule rooms_haveNoCycles =
      slices().matching("io.krystaline.sink.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule netty_andGrpc_stayInTheReceivers =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.krystaline.sink.receive", "io.krystaline.sink")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "io.grpc..");

  @ArchTest
  static final ArchRule sql_staysInTheStore =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.krystaline.sink.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.jdbi..", "org.postgresql..");

  @ArchTest
  static final ArchRule data_flowsOneWay_thePipelineKnowsNoTransportAndNoApi =
      noClasses()
          .that()
          .resideInAPackage("io.krystaline.sink.pipeline")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.krystaline.sink.receive..",
              "io.krystaline.sink.api..",
              "io.krystaline.sink.recalculate..",
              "io.krystaline.sink.view..",
              "io.krystaline.platform.http..");

  @ArchTest
  static final ArchRule data_flowsOneWay_theStoreKnowsNobodyAboveIt =
      noClasses()
          .that()
          .resideInAPackage("io.krystaline.sink.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.krystaline.sink.receive..",
              "io.krystaline.sink.pipeline..",
              "io.krystaline.sink.incident..",
              "io.krystaline.sink.checkpoint..",
              "io.krystaline.sink.recalculate..",
              "io.krystaline.sink.view..",
              "io.krystaline.sink.api..",
              "io.krystaline.sink.offline..");

  @ArchTest
  static final ArchRule mail_staysWithTheCouriers =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.krystaline.sink.notify")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.mail..");

  @ArchTest
  static final ArchRule data_flowsOneWay_onlyTheWiringKnowsTheNotifier =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.krystaline.sink.notify", "io.krystaline.sink")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.krystaline.sink.notify");

  @ArchTest
  static final ArchRule onlyTheWiring_knowsTheWiring =
      noClasses()
          .that()
          .resideInAPackage("io.krystaline.sink.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.krystaline.sink");
}
