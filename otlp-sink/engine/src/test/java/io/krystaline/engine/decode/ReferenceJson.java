package io.krystaline.engine.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * OTLP/JSON by another way: trees of jackson-databind and the protocol's descriptors. Writing
 * varies every form that a sender may choose.
 */
final class ReferenceJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ReferenceJson() {}

  /** The message of a document, unknown names and nulls left out. */
  static Message read(byte[] json, Message.Builder builder) throws java.io.IOException {
    fill(MAPPER.readTree(json), builder);
    return builder.build();
  }

  private static void fill(JsonNode node, Message.Builder builder) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      JsonNode value = node.get(field.getJsonName());
      if (value == null || value.isNull()) {
        continue;
      }
      if (field.isRepeated()) {
        for (JsonNode element : value) {
          builder.addRepeatedField(field, value(element, field, builder));
        }
      } else {
        builder.setField(field, value(value, field, builder));
      }
    }
  }

  private static Object value(JsonNode node, FieldDescriptor field, Message.Builder builder) {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        Message.Builder child = builder.newBuilderForField(field);
        fill(node, child);
        yield child.build();
      }
      case STRING -> node.textValue();
      case BYTE_STRING ->
          ByteString.copyFrom(
              isId(field)
                  ? HexFormat.of().parseHex(node.textValue())
                  : Base64.getMimeDecoder()
                      .decode(node.textValue().replace('-', '+').replace('_', '/')));
      case BOOLEAN -> node.booleanValue();
      case INT -> (int) Long.parseLong(node.asText());
      case LONG ->
          unsigned(field) ? Long.parseUnsignedLong(node.asText()) : Long.parseLong(node.asText());
      case DOUBLE -> Double.valueOf(node.asText());
      case ENUM ->
          node.isTextual()
              ? field.getEnumType().findValueByName(node.textValue())
              : field.getEnumType().findValueByNumberCreatingIfUnknown(node.intValue());
      case FLOAT -> throw new IllegalStateException("OTLP has no float");
    };
  }

  /** The document of a message, its forms chosen at random. */
  static byte[] write(Message message, Random random) throws java.io.IOException {
    ObjectNode node = object(message, random);
    return random.nextBoolean()
        ? MAPPER.writeValueAsBytes(node)
        : MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  private static ObjectNode object(Message message, Random random) {
    ObjectNode node = NODES.objectNode();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      unknown(node, random);
      if (field.isRepeated()) {
        ArrayNode array = node.putArray(field.getJsonName());
        for (Object element : (List<?>) entry.getValue()) {
          array.add(scalar(field, element, random));
        }
      } else {
        node.set(field.getJsonName(), scalar(field, entry.getValue(), random));
      }
    }
    return node;
  }

  /** What a receiver has to skip. */
  private static void unknown(ObjectNode node, Random random) {
    switch (random.nextInt(40)) {
      case 0 -> node.putIfAbsent("droppedAttributesCount", NODES.nullNode());
      case 1 -> node.put("trace_id", "not read");
      case 2 -> node.putObject("later").putArray("values").add(1).addNull().addObject();
      case 3 -> node.put("Name", 5);
      default -> {}
    }
  }

  private static JsonNode scalar(FieldDescriptor field, Object value, Random random) {
    return switch (field.getJavaType()) {
      case MESSAGE -> object((Message) value, random);
      case STRING -> NODES.textNode((String) value);
      case BYTE_STRING -> NODES.textNode(bytes(field, (ByteString) value, random));
      case BOOLEAN -> NODES.booleanNode((Boolean) value);
      case INT -> integer(field, (Integer) value, random);
      case LONG -> integer(field, (Long) value, random);
      case DOUBLE -> number((Double) value, random);
      case ENUM -> {
        EnumValueDescriptor constant = (EnumValueDescriptor) value;
        yield random.nextBoolean()
            ? NODES.numberNode(constant.getNumber())
            : NODES.textNode(constant.getName());
      }
      case FLOAT -> throw new IllegalStateException("OTLP has no float");
    };
  }

  private static JsonNode integer(FieldDescriptor field, long value, Random random) {
    boolean narrow = field.getJavaType() == FieldDescriptor.JavaType.INT;
    String text =
        unsigned(field)
            ? Long.toUnsignedString(narrow ? value & 0xffffffffL : value)
            : Long.toString(value);
    return random.nextBoolean()
        ? NODES.textNode(text)
        : NODES.numberNode(new java.math.BigInteger(text));
  }

  private static JsonNode number(double value, Random random) {
    return Double.isFinite(value) && random.nextBoolean()
        ? NODES.numberNode(value)
        : NODES.textNode(Double.toString(value));
  }

  private static String bytes(FieldDescriptor field, ByteString value, Random random) {
    byte[] bytes = value.toByteArray();
    if (isId(field)) {
      String hex = HexFormat.of().formatHex(bytes);
      return random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT);
    }
    Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
    return (random.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(bytes);
  }

  private static boolean isId(FieldDescriptor field) {
    return field.getName().endsWith("_id");
  }

  private static boolean unsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, UINT64, FIXED32, FIXED64 -> true;
      default -> false;
    };
  }
}
