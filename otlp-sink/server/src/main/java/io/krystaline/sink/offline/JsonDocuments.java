package io.krystaline.sink.offline;

import io.krystaline.sink.offline.Recording.DocumentVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits a stream into JSON documents. If the first line that is not blank holds a whole object, or
 * the second line starts with a brace, every line is a document of its own, so that a corrupt line
 * costs that line only; else the whole stream is one document.
 */
final class JsonDocuments {
  private static final int CHUNK_BYTES = 1 << 16;

  private final InputStream in;
  private final int documentBytesMax;
  private final DocumentVisitor visitor;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int chunkPosition;
  private int chunkLength;
  private byte[] line = new byte[CHUNK_BYTES];
  private int lineLength;
  private boolean lineTooLong;
  private long lineNumber;

  JsonDocuments(InputStream in, int documentBytesMax, DocumentVisitor visitor) {
    this.in = in;
    this.documentBytesMax = documentBytesMax;
    this.visitor = visitor;
  }

  void read() throws IOException {
    while (nextLine(false)) {
      if (!isBlank()) {
        if (lineTooLong || isWholeObject()) {
          readLines();
        } else {
          readSingle();
        }
        return;
      }
    }
  }

  private void readLines() throws IOException {
    do {
      if (lineTooLong) {
        visitor.onUnreadable("line " + lineNumber + ": longer than " + documentBytesMax + " bytes");
      } else if (!isBlank()) {
        visitor.onJson(line, lineLength, lineNumber);
      }
    } while (nextLine(false));
  }

  private void readSingle() throws IOException {
    long firstLine = lineNumber;
    int firstLength = lineLength;
    boolean more = nextLine(true);
    if (more && !lineTooLong && lineLength > firstLength + 1 && line[firstLength + 1] == '{') {
      // The second line starts a document of its own: lines after all, and the first of them is
      // corrupt.
      visitor.onJson(line, firstLength, firstLine);
      lineLength -= firstLength + 1;
      System.arraycopy(line, firstLength + 1, line, 0, lineLength);
      readLines();
      return;
    }
    while (more && !lineTooLong) {
      more = nextLine(true);
    }
    if (lineTooLong) {
      visitor.onUnreadable(
          "line "
              + firstLine
              + ": a single JSON document longer than "
              + documentBytesMax
              + " bytes");
    } else {
      visitor.onJson(line, lineLength, firstLine);
    }
  }

  /** Reads the next line, or adds it to the one that is there; false at the end of the stream. */
  private boolean nextLine(boolean add) throws IOException {
    if (add) {
      append(new byte[] {'\n'}, 0, 1);
    } else {
      lineLength = 0;
      lineTooLong = false;
    }
    boolean any = false;
    while (true) {
      if (chunkPosition == chunkLength) {
        chunkLength = in.read(chunk, 0, CHUNK_BYTES);
        chunkPosition = 0;
        if (chunkLength <= 0) {
          chunkLength = 0;
          lineNumber += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      int end = chunkPosition;
      while (end < chunkLength && chunk[end] != '\n') {
        end++;
      }
      append(chunk, chunkPosition, end - chunkPosition);
      chunkPosition = end;
      if (end < chunkLength) {
        chunkPosition++;
        lineNumber++;
        return true;
      }
    }
  }

  private void append(byte[] source, int offset, int length) {
    if (length > documentBytesMax - lineLength) {
      lineTooLong = true;
      return;
    }
    if (lineLength + length > line.length) {
      line = Arrays.copyOf(line, Math.max(lineLength + length, line.length * 2));
    }
    System.arraycopy(source, offset, line, lineLength, length);
    lineLength += length;
  }

  private boolean isBlank() {
    for (int i = 0; i < lineLength; i++) {
      if (line[i] > ' ' || line[i] < 0) {
        return false;
      }
    }
    return !lineTooLong;
  }

  /**
   * Whether the line's braces balance outside of its strings. A corrupt first line may look like a
   * part of a document.
   */
  private boolean isWholeObject() {
    int depth = 0;
    boolean string = false;
    for (int i = 0; i < lineLength; i++) {
      byte next = line[i];
      if (string) {
        if (next == '\\') {
          i++;
        } else if (next == '"') {
          string = false;
        }
      } else if (next == '"') {
        string = true;
      } else if (next == '{' || next == '[') {
        depth++;
      } else if (next == '}' || next == ']') {
        depth--;
      }
    }
    return depth == 0 && lineLength > 1;
  }
}
