package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecordingTest {
  @Test
  void before_theOpenRecording_isWholeAndMovedByWeeks() {
    Recording recording = Recording.before(Instant.parse("2022-09-06T00:00:00Z"));

    assertThat(recording.spans()).isEqualTo(216_990);
    assertThat(recording.documents().getFirst())
        .contains("\"startTimeUnixNano\":\"1662349939645886728\"");
  }
}
