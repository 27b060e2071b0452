package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OtlpShapesTest {

  @Test
  void request_everySignal_hasTheFieldsOfThePublishedProtocol() {
    Set<Descriptor> seen = new HashSet<>();
    compare(OtlpShapes.TRACES, ExportTraceServiceRequest.getDescriptor(), seen);
    compare(OtlpShapes.METRICS, ExportMetricsServiceRequest.getDescriptor(), seen);
    compare(OtlpShapes.LOGS, ExportLogsServiceRequest.getDescriptor(), seen);
    assertThat(seen).hasSizeGreaterThan(30);
  }

  private static void compare(MessageShape shape, Descriptor type, Set<Descriptor> seen) {
    if (!seen.add(type)) {
      return;
    }
    assertThat(shape.name()).isEqualTo(type.getName());
    assertThat(shape.fields()).as(shape.name()).hasSize(type.getFields().size());
    for (FieldDescriptor expected : type.getFields()) {
      FieldShape field = Objects.requireNonNull(shape.field(expected.getJsonName()));
      assertThat(field.number()).isEqualTo(expected.getNumber());
      assertThat(field.repeated()).isEqualTo(expected.isRepeated());
      assertThat(field.type()).as(expected.getFullName()).isEqualTo(type(expected));
      if (expected.getType() == FieldDescriptor.Type.ENUM) {
        Map<String, Integer> names = new HashMap<>();
        for (EnumValueDescriptor value : expected.getEnumType().getValues()) {
          names.put(value.getName(), value.getNumber());
        }
        assertThat(field.enumNames()).isEqualTo(names);
      }
      if (field.child() != null) {
        compare(field.child(), expected.getMessageType(), seen);
      }
    }
  }

  private static FieldType type(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.BYTES && field.getName().endsWith("_id")
        ? FieldType.ID
        : FieldType.valueOf(field.getType().name());
  }
}
