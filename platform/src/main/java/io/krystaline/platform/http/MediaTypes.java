package io.krystaline.platform.http;

import java.util.Locale;

/** What the server must know about media types. Stateless. */
final class MediaTypes {
  private MediaTypes() {}

  /** Type and subtype in lower case, without parameters. */
  static String essence(String contentType) {
    int semicolon = contentType.indexOf(';');
    String essence = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return essence.strip().toLowerCase(Locale.ROOT);
  }

  /** Whether text of this type gets smaller when compressed. */
  static boolean isCompressible(String contentType) {
    String essence = essence(contentType);
    return essence.startsWith("text/")
        || essence.equals("application/json")
        || essence.endsWith("+json")
        || essence.equals("application/javascript")
        || essence.equals("application/wasm")
        || essence.equals("image/svg+xml")
        || essence.equals("application/x-ndjson");
  }

  /** The type of a file by its name, octets if it is not known. */
  static String ofFile(String name) {
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return switch (extension) {
      case "html", "htm" -> "text/html; charset=utf-8";
      case "js", "mjs" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "json", "map" -> "application/json";
      case "webmanifest" -> "application/manifest+json";
      case "txt", "md" -> "text/plain; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "jpg", "jpeg" -> "image/jpeg";
      case "gif" -> "image/gif";
      case "webp" -> "image/webp";
      case "avif" -> "image/avif";
      case "ico" -> "image/x-icon";
      case "woff2" -> "font/woff2";
      case "woff" -> "font/woff";
      case "wasm" -> "application/wasm";
      case "pdf" -> "application/pdf";
      default -> "application/octet-stream";
    };
  }
}
