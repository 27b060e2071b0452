package io.krystaline.sink.judge;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one comparison, as they are written as JSON. Null where a figure has nothing to be
 * computed from, such as the median of no times.
 *
 * @param scorableWindows fault windows that count
 * @param found those in which an incident opened, from the fault's start to shortly after its end
 * @param foundShare {@code found} of {@code scorableWindows}
 * @param falseIncidents incidents that touch no window with its tail and no unlabelled interval
 * @param falseIncidentsStrict incidents that opened outside of windows, tails and unlabelled
 *     intervals
 * @param coveredHours what the recording covers
 * @param faultFreeHours the same less windows with tails and unlabelled intervals
 * @param falsePerHour {@code falseIncidents} per fault-free hour
 * @param falsePerHourStrict {@code falseIncidentsStrict} per fault-free hour
 * @param incidents how many there are in all
 * @param incidentsInWindows those that opened in a window with its tail or an unlabelled interval
 * @param incidentSecondsMedian their length, from start to end
 * @param secondsToDetectMedian from a found fault's start to the opening of its first incident
 * @param top1 found faults whose service is the first suspect of that incident
 * @param top3 the same among the first three suspects
 * @param top5 the same among the first five suspects
 * @param chance what placing as many incidents blindly would give
 * @param kinds the figures by the kind of the fault, in alphabetical order
 * @param windows one entry a labelled fault, in order of time
 * @param falseOnes the incidents that are false, plain or strict
 */
public record Judgement(
    int scorableWindows,
    int found,
    @Nullable Double foundShare,
    int falseIncidents,
    int falseIncidentsStrict,
    double coveredHours,
    double faultFreeHours,
    @Nullable Double falsePerHour,
    @Nullable Double falsePerHourStrict,
    int incidents,
    int incidentsInWindows,
    @Nullable Double incidentSecondsMedian,
    @Nullable Double incidentSecondsLongest,
    double incidentSecondsTotal,
    @Nullable Double secondsToDetectMedian,
    int top1,
    int top3,
    int top5,
    Chance chance,
    List<KindFigures> kinds,
    List<WindowVerdict> windows,
    List<FalseIncident> falseOnes) {
  public Judgement {
    kinds = List.copyOf(kinds);
    windows = List.copyOf(windows);
    falseOnes = List.copyOf(falseOnes);
  }

  /**
   * What blind guessing would give: as many incidents, each opened at a time drawn uniformly from
   * what is covered, and suspects drawn from all services.
   *
   * @param found expected windows found: the sum of 1 - (1 - p)^n, p being the covered share of a
   *     window, n the number of incidents
   * @param services among how many services suspects are drawn
   * @param servicesFrom where that number is from
   * @param top1 expected share of first suspects that are right: 1 / services
   * @param top3 the same among three
   * @param top5 the same among five
   */
  public record Chance(
      double found, int services, String servicesFrom, double top1, double top3, double top5) {}

  /**
   * The figures of one kind of fault.
   *
   * @param windows scorable ones
   */
  public record KindFigures(
      String kind,
      int windows,
      int found,
      @Nullable Double secondsToDetectMedian,
      int top1,
      int top3,
      int top5) {}

  /**
   * What became of one fault.
   *
   * @param incident the first incident in its window, null where there is none
   * @param secondsToDetect from the fault's start to the opening of that incident
   * @param rank place of the fault's service among the suspects from 1; 0 where it is not suspected
   * @param suspects the first five suspected services as they were given
   * @param incidentsOpened how many incidents opened in the window with its tail
   */
  public record WindowVerdict(
      String id,
      String service,
      String kind,
      Instant start,
      Instant end,
      boolean scorable,
      boolean found,
      @Nullable String incident,
      @Nullable Double secondsToDetect,
      int rank,
      List<String> suspects,
      int incidentsOpened) {
    public WindowVerdict {
      suspects = List.copyOf(suspects);
    }
  }

  /**
   * A false incident.
   *
   * @param touchesNothing false also by the plain rule, not only by the strict one
   */
  public record FalseIncident(
      String incident,
      Instant detectedAt,
      double seconds,
      List<String> suspects,
      boolean touchesNothing) {
    public FalseIncident {
      suspects = List.copyOf(suspects);
    }
  }
}
