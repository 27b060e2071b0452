package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TickLogTest {
  private final TickLog log = new TickLog();

  @Test
  void count_isLikeAMap_alsoAfterReset() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 3; round++) {
      Map<List<Integer>, Integer> model = new HashMap<>();
      for (int i = 0; i < 20_000; i++) {
        int key = random.nextInt(300);
        int bin = random.nextInt(LogBins.COUNT);
        log.count(key, bin);
        model.merge(List.of(key, bin), 1, Integer::sum);
      }
      Map<List<Integer>, Integer> seen = new HashMap<>();
      log.forEachCount((key, bin, count) -> seen.put(List.of(key, bin), count));
      assertThat(seen).isEqualTo(model);
      log.reset(round);
      log.forEachCount((key, bin, count) -> seen.clear());
      assertThat(seen).isEqualTo(model);
      assertThat(log.tick).isEqualTo(round);
    }
  }

  @Test
  void blocks_teachTheirStreams_unlessTheirServiceWasInAlarm() {
    List<Stream> streams = new ArrayList<>();
    for (int service = 0; service < 100; service++) {
      Stream stream = new Stream(service, service, Channel.SELF_TIME);
      streams.add(stream);
      for (int i = 0; i < 10; i++) {
        stream.observe(i < 5 ? 0.05 : 0.5, 1, i, i, 0);
      }
      for (int block = 0; block < 9; block++) {
        log.block(stream, 1, true);
      }
    }
    log.excludedServices.set(7);
    log.teachBlocks();

    for (Stream stream : streams) {
      boolean taught = stream.service != 7;
      assertThat(stream.isReady()).isEqualTo(taught);
      assertThat(stream.expected(0)).isEqualTo(taught ? 50.0 / 140 : 0.1);
      assertThat(stream.autoBlocks()).isEqualTo(taught ? 9 : 0);
    }
    log.reset(1);
    log.teachBlocks();
    assertThat(streams.get(0).autoBlocks()).isEqualTo(9);
  }

  @Test
  void rates_areShown_unlessTheirServiceWasInAlarm() {
    for (int number = 0; number < 100; number++) {
      log.rate(number % 10, number, number * 3L);
    }
    log.excludedServices.set(4);
    Map<Integer, Long> seen = new HashMap<>();
    log.forEachRate(seen::put);
    assertThat(seen).hasSize(90).containsEntry(5, 15L).doesNotContainKey(14);
    log.reset(1);
    log.forEachRate((number, count) -> seen.clear());
    assertThat(seen).hasSize(90);
  }
}
