package io.krystaline.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.UseCaseCondition.AllOf;
import io.krystaline.engine.incident.UseCaseCondition.AtEdge;
import io.krystaline.engine.incident.UseCaseCondition.AttributeIs;
import io.krystaline.engine.incident.UseCaseCondition.ErrorIs;
import io.krystaline.engine.incident.UseCaseCondition.OperationIs;
import io.krystaline.engine.incident.UseCaseCondition.ServiceIs;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UseCaseRulesTest {
  private static final UseCase KNOWN = new UseCase("known", Priority.P0);

  @Test
  void classify_noRules_isAnythingElse() {
    assertThat(UseCaseRules.NONE.classify(facts())).isEqualTo(UseCase.OTHER);
    assertThat(UseCase.OTHER.priority()).isEqualTo(Priority.P2);
  }

  @Test
  void classify_twoFit_theFirstDecides() {
    UseCase second = new UseCase("second", Priority.P1);
    UseCaseRules rules =
        new UseCaseRules(
            List.of(
                rule(KNOWN, Set.of(IncidentKind.SURGE), List.of(), List.of(), List.of()),
                rule(second, Set.of(IncidentKind.ERRORS), List.of(), List.of(), List.of()),
                rule(KNOWN, Set.of(IncidentKind.ERRORS), List.of(), List.of(), List.of())));
    assertThat(rules.classify(facts())).isEqualTo(second);
  }

  @Test
  void fits_channelsAndServices_areAskedFor() {
    UseCaseRule channel =
        new UseCaseRule(
            KNOWN, Set.of(), Set.of(Channel.GAP_IN), 0, List.of(), List.of(), List.of());
    UseCaseRule errors =
        new UseCaseRule(
            KNOWN,
            Set.of(),
            Set.of(Channel.GAP_IN, Channel.ERRORS),
            2,
            List.of(),
            List.of(),
            List.of());
    UseCaseRule many =
        new UseCaseRule(KNOWN, Set.of(), Set.of(), 3, List.of(), List.of(), List.of());
    assertThat(channel.fits(facts())).isFalse();
    assertThat(errors.fits(facts())).isTrue();
    assertThat(many.fits(facts())).isFalse();
  }

  @Test
  void fits_allAnyNone_areCombined() {
    UseCaseCondition yes = new OperationIs(Set.of(SpanKind.CLIENT), null);
    UseCaseCondition no = new AtEdge();
    Set<IncidentKind> errors = Set.of(IncidentKind.ERRORS);
    assertThat(rule(KNOWN, errors, List.of(yes, no), List.of(), List.of()).fits(facts())).isFalse();
    assertThat(rule(KNOWN, errors, List.of(yes), List.of(no, yes), List.of()).fits(facts()))
        .isTrue();
    assertThat(rule(KNOWN, errors, List.of(), List.of(no), List.of()).fits(facts())).isFalse();
    assertThat(rule(KNOWN, errors, List.of(yes), List.of(), List.of(no)).fits(facts())).isTrue();
    assertThat(rule(KNOWN, errors, List.of(), List.of(), List.of(no, yes)).fits(facts())).isFalse();
    assertThat(new AllOf(List.of(yes, no)).holds(facts())).isFalse();
    assertThat(new AllOf(List.of(yes, yes)).holds(facts())).isTrue();
  }

  @Test
  void attribute_ofSamplesOrContrast_isSearched() {
    assertThat(attribute("db.system.name", null, false).holds(facts())).isTrue();
    assertThat(attribute("db.system.name", "POSTGRES", false).holds(facts())).isTrue();
    assertThat(attribute("db.system.name", "mysql", false).holds(facts())).isFalse();
    assertThat(attribute("db.system", null, false).holds(facts())).isFalse();
    assertThat(attribute("db.system.name", null, true).holds(facts())).isFalse();
    assertThat(attribute("cloud.region", "^eu-", true).holds(facts())).isTrue();
    assertThat(attribute("cloud.region", "^us-", true).holds(facts())).isFalse();
  }

  @Test
  void error_ofAFewFailures_decidesNothing() {
    // Three of four failures time out.
    assertThat(error("SocketTimeout.*timed out", 0.75).holds(facts())).isTrue();
    assertThat(error("SocketTimeout", 0.76).holds(facts())).isFalse();
    assertThat(error("refused", 0.25).holds(facts())).isTrue();
    assertThat(error("refused", 0.3).holds(facts())).isFalse();
    assertThat(error(".", 1).holds(nothing())).isFalse();
  }

  @Test
  void operation_isTheFirstSuspects() {
    assertThat(operation("^SELECT").holds(facts())).isTrue();
    assertThat(operation("GET /").holds(facts())).isFalse();
    assertThat(new OperationIs(Set.of(SpanKind.SERVER), null).holds(facts())).isFalse();
    assertThat(operation(".").holds(nothing())).isFalse();
  }

  @Test
  void operation_ofASuspectWithoutOne_isAnyOfItsService() {
    IncidentFacts facts =
        new IncidentFacts(
            IncidentKind.LATENCY,
            Set.of(),
            List.of("shop", "cart"),
            List.of(new Suspect("cart", null, null, 1)),
            List.of(
                new OperationKey("shop", "GET /", SpanKind.SERVER),
                new OperationKey("cart", "add", SpanKind.SERVER)),
            List.of(),
            List.of(),
            Map.of(),
            true);
    assertThat(operation("add").holds(facts)).isTrue();
    assertThat(operation("GET").holds(facts)).isFalse();
    assertThat(new AtEdge().holds(facts)).isTrue();
  }

  @Test
  void service_isTheFirstSuspectsElseTheFirst() {
    ServiceIs orders = new ServiceIs(Pattern.compile("^orders$"));
    assertThat(orders.holds(facts())).isTrue();
    assertThat(new ServiceIs(Pattern.compile("shop")).holds(facts())).isFalse();
    assertThat(orders.holds(nothing())).isFalse();
  }

  @Test
  void rule_ofANameAloneOrOfNothing_isRefused() {
    UseCaseCondition name = new ServiceIs(Pattern.compile("pay"));
    UseCaseCondition edge = new AtEdge();
    assertThatThrownBy(() -> rule(KNOWN, Set.of(), List.of(), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("known");
    assertThatThrownBy(() -> rule(KNOWN, Set.of(), List.of(name), List.of(), List.of(edge)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rule(KNOWN, Set.of(), List.of(), List.of(name, edge), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                rule(
                    KNOWN, Set.of(), List.of(new AllOf(List.of(name, name))), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(rule(KNOWN, Set.of(), List.of(name, edge), List.of(), List.of()).all()).hasSize(2);
  }

  @Test
  void conditions_thatAskForNothing_areRefused() {
    assertThatThrownBy(() -> new AttributeIs(Set.of(), null, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OperationIs(Set.of(), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AllOf(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> error(".", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> error(".", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new UseCase(" ", Priority.P0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static UseCaseRule rule(
      UseCase useCase,
      Set<IncidentKind> kinds,
      List<UseCaseCondition> all,
      List<UseCaseCondition> any,
      List<UseCaseCondition> none) {
    return new UseCaseRule(useCase, kinds, Set.of(), 0, all, any, none);
  }

  private static UseCaseCondition attribute(
      String name, @Nullable String value, boolean contrastOnly) {
    return new AttributeIs(
        Set.of(name),
        value == null ? null : Pattern.compile(value, Pattern.CASE_INSENSITIVE),
        contrastOnly);
  }

  private static UseCaseCondition error(String pattern, double shareMin) {
    return new ErrorIs(Pattern.compile(pattern), shareMin);
  }

  private static UseCaseCondition operation(String name) {
    return new OperationIs(Set.of(), Pattern.compile(name));
  }

  private static IncidentFacts facts() {
    return new IncidentFacts(
        IncidentKind.ERRORS,
        Set.of(Channel.ERRORS, Channel.SELF_TIME),
        List.of("shop", "orders"),
        List.of(
            new Suspect("orders", "SELECT orders", null, 0.8),
            new Suspect("shop", null, null, 0.2)),
        List.of(
            new OperationKey("shop", "GET /", SpanKind.SERVER),
            new OperationKey("orders", "SELECT orders", SpanKind.CLIENT)),
        List.of(
            new ErrorFingerprint(
                "0", "orders", "java.net.SocketTimeoutException", "Read timed out", 3, ""),
            new ErrorFingerprint("1", "orders", "java.net.ConnectException", "refused", 1, "")),
        List.of(new Contrast("cloud.region", "eu-west-1", 10, 10, 1, 10, 0.001)),
        Map.of("db.system.name", Set.of("postgresql")),
        false);
  }

  private static IncidentFacts nothing() {
    return new IncidentFacts(
        IncidentKind.LATENCY,
        Set.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        false);
  }
}
