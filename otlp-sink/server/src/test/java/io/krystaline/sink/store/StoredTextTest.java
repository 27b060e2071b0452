package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoredTextTest {

  @Test
  void clean_goodText_isTheSame() {
    assertThat(StoredText.clean("", 10)).isEmpty();
    assertThat(StoredText.clean("GET /größe 😀", 100)).isEqualTo("GET /größe 😀");
  }

  @Test
  void clean_nulAndLoneSurrogates_areReplaced() {
    assertThat(StoredText.clean("a\0\uDC00b\uD800", 100)).isEqualTo("a\uFFFD\uFFFDb\uFFFD");
    assertThat(StoredText.clean("\uD800\uD83D\uDE00", 100)).isEqualTo("\uFFFD😀");
  }

  @Test
  void clean_longText_isCutBetweenCharacters() {
    assertThat(StoredText.clean("aaaa", 3)).isEqualTo("aaa");
    assertThat(StoredText.clean("aé", 2)).isEqualTo("a");
    assertThat(StoredText.clean("a€", 3)).isEqualTo("a");
    assertThat(StoredText.clean("a😀", 4)).isEqualTo("a");
    assertThat(StoredText.clean("a😀", 5)).isEqualTo("a😀");
  }
}
