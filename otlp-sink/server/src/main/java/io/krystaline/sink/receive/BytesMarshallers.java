package io.krystaline.sink.receive;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Marshallers that leave messages as the bytes that they are. */
final class BytesMarshallers {
  /** The request is the stream of its own bytes; gRPC closes it after the handler has seen it. */
  static final Marshaller<InputStream> REQUEST =
      new Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
          return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
          return stream;
        }
      };

  /** The response is ready bytes. */
  static final Marshaller<byte[]> RESPONSE =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          throw new UnsupportedOperationException("a server parses no response");
        }
      };

  private BytesMarshallers() {}
}
