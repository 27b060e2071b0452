package io.krystaline.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

/** Holds the rooms of the engine: what each imports, and that none has threads, I/O or a clock. */
@AnalyzeClasses(
    packages = "io.krystaline.engine",
    importOptions = ImportOption.DoNotIncludeTests.class)
class EngineArchitectureTest {
  private static final String[] JDK = {"java..", "org.jspecify.annotations.."};

  @ArchTest
  void span_importsTheJdkOnly(JavaClasses engine) {
    room("span").check(engine);
  }

  @ArchTest
  void inflate_importsTheJdkOnly(JavaClasses engine) {
    room("inflate").check(engine);
  }

  @ArchTest
  void decode_importsSpanAndTheStreamingParser(JavaClasses engine) {
    room("decode", "io.krystaline.engine.span", "com.fasterxml.jackson.core..").check(engine);
  }

  @ArchTest
  void baseline_importsSpan(JavaClasses engine) {
    room("baseline", "io.krystaline.engine.span").check(engine);
  }

  @ArchTest
  void score_importsSpanAndBaseline(JavaClasses engine) {
    room("score", "io.krystaline.engine.span", "io.krystaline.engine.baseline").check(engine);
  }

  @ArchTest
  void release_importsDetectionAndWhatItStandsOn(JavaClasses engine) {
    room(
            "release",
            "io.krystaline.engine.span",
            "io.krystaline.engine.baseline",
            "io.krystaline.engine.assemble",
            "io.krystaline.engine.detect")
        .check(engine);
  }

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching("io.krystaline.engine.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_THREADS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              Thread.class,
              java.util.concurrent.Executor.class,
              java.util.concurrent.ExecutorService.class,
              java.util.concurrent.Executors.class,
              java.util.concurrent.ForkJoinPool.class,
              java.util.concurrent.CompletableFuture.class,
              java.util.Timer.class)
          .because("the engine runs on its caller's thread");

  @ArchTest
  static final ArchRule NO_CLOCK_OF_ITS_OWN =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .because("the same recording gives the same anomalies at any speed");

  @ArchTest
  static final ArchRule NO_FILES_OR_SOCKETS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.file..");

  private static ArchRule room(String name, String... others) {
    String own = "io.krystaline.engine." + name;
    String[] allowed = new String[JDK.length + others.length + 1];
    System.arraycopy(JDK, 0, allowed, 0, JDK.length);
    System.arraycopy(others, 0, allowed, JDK.length, others.length);
    allowed[allowed.length - 1] = own;
    return classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed));
  }
}
