package io.krystaline.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** The last touch on an answer before it is sent: gzip. Stateless. */
final class ResponseFinisher {
  private ResponseFinisher() {}

  /** Compresses the body if it is worth it and the client accepts it. */
  static HttpResponse compress(HttpRequestHead head, HttpResponse response, int aboveBytes) {
    String type = response.headers().first("content-type").orElse("");
    if (aboveBytes == Integer.MAX_VALUE
        || response.status() == 206
        || response.headers().contains("content-encoding")
        || !MediaTypes.isCompressible(type)) {
      return response;
    }
    HttpResponse varying = response.varyingBy("accept-encoding");
    if (response.body().length <= aboveBytes || !acceptsGzip(head)) {
      return varying;
    }
    return varying.withBody(gzip(response.body())).withHeader("content-encoding", "gzip");
  }

  private static boolean acceptsGzip(HttpRequestHead head) {
    boolean any = false;
    for (String value : head.headers().all("accept-encoding")) {
      for (String part : value.split(",", -1)) {
        String[] pieces = part.split(";", -1);
        String coding = pieces[0].strip();
        boolean refused = pieces.length > 1 && pieces[1].strip().matches("(?i)q=0(\\.0*)?");
        if (coding.equalsIgnoreCase("gzip")) {
          return !refused;
        }
        any |= coding.equals("*") && !refused;
      }
    }
    return any;
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 8192)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return bytes.toByteArray();
  }
}
