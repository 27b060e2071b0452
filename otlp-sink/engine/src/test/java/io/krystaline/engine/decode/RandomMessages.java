package io.krystaline.engine.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Random;

/** Makes random messages of any OTLP type from its descriptor; most of its spans are valid. */
final class RandomMessages {
  private static final String[] TEXTS = {
    "",
    "a",
    "service.name",
    "service.version",
    "checkout",
    "GET /cart",
    "http.request.method",
    "é",
    "日本語 text",
    "𝄞 clef and a longer tail behind it",
    "with\u0000nul",
    "a text of more than sixteen bytes",
  };

  private final Random random;

  RandomMessages(Random random) {
    this.random = random;
  }

  /** Fills a builder at random. */
  <B extends Message.Builder> B fill(B builder) {
    fill(builder, 0);
    return builder;
  }

  private void fill(Message.Builder builder, int depth) {
    Descriptor type = builder.getDescriptorForType();
    for (FieldDescriptor field : type.getFields()) {
      boolean container = depth < 3 && field.isRepeated();
      if (field.getRealContainingOneof() != null && random.nextInt(4) != 0) {
        continue;
      }
      if (!container && random.nextInt(8) == 0) {
        continue;
      }
      if (depth > 7 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.isRepeated()) {
        int count = random.nextInt(depth < 3 ? 3 : 2) + (container ? random.nextInt(2) : 0);
        for (int i = 0; i < count; i++) {
          builder.addRepeatedField(field, value(builder, field, depth));
        }
      } else {
        builder.setField(field, value(builder, field, depth));
      }
    }
  }

  private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        Message.Builder child = builder.newBuilderForField(field);
        fill(child, depth + 1);
        yield child.build();
      }
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BYTE_STRING -> bytes(field.getName());
      case BOOLEAN -> random.nextBoolean();
      case INT -> smallInt();
      case LONG -> field.getName().contains("time") ? time(field.getName()) : random.nextLong();
      case DOUBLE -> Double.longBitsToDouble(finiteBits());
      case ENUM -> field.getEnumType().findValueByNumber(random.nextInt(3));
      case FLOAT -> throw new IllegalStateException("OTLP has no float");
    };
  }

  private long finiteBits() {
    return switch (random.nextInt(5)) {
      case 0 -> Double.doubleToLongBits(Double.NaN);
      case 1 -> Double.doubleToLongBits(Double.NEGATIVE_INFINITY);
      case 2 -> Double.doubleToLongBits(1e300 * random.nextDouble());
      default -> Double.doubleToLongBits(random.nextInt(1000) / 8.0);
    };
  }

  private int smallInt() {
    return random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(200);
  }

  private long time(String name) {
    int form = random.nextInt(20);
    if (form == 0) {
      return 0;
    }
    if (form == 1) {
      return random.nextLong();
    }
    return 1_700_000_000_000_000_000L + (name.startsWith("end") ? 50 : 0) + random.nextInt(60);
  }

  private ByteString bytes(String name) {
    int length = name.equals("trace_id") ? 16 : name.endsWith("span_id") ? 8 : random.nextInt(12);
    int form = random.nextInt(15);
    if (form == 0) {
      length = random.nextInt(20);
    }
    byte[] bytes = new byte[length];
    if (form != 1) {
      random.nextBytes(bytes);
    }
    return ByteString.copyFrom(bytes);
  }
}
