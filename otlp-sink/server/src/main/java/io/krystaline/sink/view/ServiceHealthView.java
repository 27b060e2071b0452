package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a service does at the moment.
 *
 * @param status {@code learning} while none of its operations has a baseline, {@code silent} when
 *     nothing was seen for some minutes, {@code degraded} while the share of severe anomalies is
 *     raised, else {@code healthy}
 * @param ratePerSecond spans per second of late; 0 when silent
 * @param meanMillis mean duration of late; null where nothing was seen of late
 * @param p95Millis 95th percentile of the duration of late; null where nothing was seen of late
 * @param activeAnomalies anomalies that were detected of late
 * @param severeAnomalies those of them at SEV1 or SEV2
 * @param lastSeen when its last span came in; null where none did since the start
 * @param operations how many operations are known
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ServiceHealthView(
    String service,
    String status,
    double ratePerSecond,
    @Nullable Double meanMillis,
    @Nullable Double p95Millis,
    long activeAnomalies,
    long severeAnomalies,
    @Nullable Instant lastSeen,
    int operations) {}
