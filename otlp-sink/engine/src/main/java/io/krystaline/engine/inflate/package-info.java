/**
 * Compressed bytes in, plain bytes out: {@link io.krystaline.engine.inflate.DeflateDecoder} decodes
 * deflate data (RFC 1951), which gzip and zlib wrap. Data are refused exactly where zlib refuses
 * them. Imports the JDK.
 */
@NullMarked
package io.krystaline.engine.inflate;

import org.jspecify.annotations.NullMarked;
