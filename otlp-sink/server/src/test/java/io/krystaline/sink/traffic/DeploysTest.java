package io.krystaline.sink.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeploysTest {
  private static final long SECOND = Season.SECOND;

  @Test
  void versions_changeAboutEveryTwoDays_atTimesOfTheirOwn() throws IOException {
    TrafficGenerator traffic =
        new TrafficGenerator(new TrafficSettings(1, 0.05, 1), SimulatedSpans.NOON_NANOS, List.of());
    Map<String, Set<String>> versions = new TreeMap<>();
    TrafficGenerator.MessageVisitor visitor =
        (bytes, length) ->
            ExportTraceServiceRequest.parseFrom(ByteBuffer.wrap(bytes, 0, length))
                .getResourceSpansList()
                .forEach(
                    spans ->
                        versions
                            .computeIfAbsent(
                                spans.getResource().getAttributes(0).getValue().getStringValue(),
                                service -> new TreeSet<>())
                            .add(spans.getResource().getAttributes(1).getValue().getStringValue()));

    traffic.runUntil(SimulatedSpans.NOON_NANOS + 86_400 * SECOND, visitor);
    assertThat(versions).hasSize(12);
    long deployedOnTheFirstDay =
        versions.values().stream().filter(seen -> seen.size() == 2).count();
    assertThat(deployedOnTheFirstDay).isBetween(2L, 10L);

    traffic.runUntil(SimulatedSpans.NOON_NANOS + 5 * 86_400 * SECOND, visitor);
    assertThat(versions.values()).allSatisfy(seen -> assertThat(seen).hasSizeBetween(3, 4));
    assertThat(versions.get("cart")).allSatisfy(name -> assertThat(name).startsWith("1."));
  }
}
