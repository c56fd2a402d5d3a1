package tamroi.peer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures and level of one indicator for one unit. Measures are pairs of numbers; a share of nothing is undefined. */
record Result(int indicator, int level, long[] numbers) {
  private static final String[] OF_5 = {"work_groups_active", "income_growth"};
  private static final String[] OF_6 = {"channels", "households_verified", "visits_kept", "all_dimensions_helped", "weeks_publicised",
      "months_supervised", "poverty_share_reported", "missed_share_reported", "households_subsisting"};
  static final long COUNT = -1;  // as denominator of what is no share

  /** Of a unit that pools these rows: a district's own, or a province's and those of all its districts. */
  static Result ofTeam(UnitRow pooled, int revision) {
    int active = 0;
    for (int group = 0; group < UnitRow.WORK_GROUPS; group++) {
      int channels = distinct(pooled, UnitRow.WORK + group * UnitRow.CHANNELS);
      if (pooled.counts[UnitRow.PRODUCTS + group] > 0 && channels >= 3) active++;
    }
    int groups = pooled.counts[UnitRow.GROUPS];
    boolean defined = groups > 0 && pooled.counts[UnitRow.GROUPS_WITH_BOTH] == groups;
    long grown = defined ? pooled.incomes - pooled.baselines : 0;
    long base = defined ? pooled.baselines : 0;
    boolean[] met = {active >= 1, active >= 2, active >= 3, defined && 100 * grown >= (revision == 1 ? 4 : 5) * base,
        defined && 100 * grown >= 6 * base};
    return new Result(5, ladder(met), new long[] {active, COUNT, grown, base});
  }

  static Result ofDrive(UnitRow pooled, List<UnitRow> districts, Rows.Round round) {
    int[] counts = pooled.counts;
    long eligible = 0;
    long visited = 0;
    for (int month = 0; month < round.closed; month++) {
      eligible += counts[UnitRow.ELIGIBLE + month];
      visited += counts[UnitRow.VISITED + month];
    }
    int weeks = Calendar.weeksWithin(round.closed);
    long publicised = 0;
    long supervised = 0;
    long poverty = 0;
    long missed = 0;
    for (UnitRow district : districts) {
      for (int week = 0; week < weeks; week++) publicised += district.counts[UnitRow.WEEKS + week] >= 2 ? 1 : 0;
      for (int month = 0; month < round.closed; month++) supervised += district.counts[UnitRow.SUPERVISED + month] > 0 ? 1 : 0;
      poverty += district.counts[UnitRow.POVERTY_SHARES] > 0 ? 1 : 0;
      missed += district.counts[UnitRow.MISSED_SHARES] > 0 ? 1 : 0;
    }
    int many = districts.size();
    long[] numbers = {distinct(pooled, UnitRow.DRIVE), COUNT, counts[UnitRow.VERIFIED], counts[UnitRow.HOUSEHOLDS], visited, eligible,
        counts[UnitRow.NEEDY_HELPED], counts[UnitRow.NEEDY], publicised, (long) weeks * many, supervised, (long) round.closed * many,
        poverty, many, missed, many, counts[UnitRow.SUBSISTING], counts[UnitRow.HELPED]};
    boolean[] met = {whole(numbers, 1), whole(numbers, 2) && (numbers[7] == 0 || whole(numbers, 3)),
        numbers[0] >= 3 && whole(numbers, 4) && whole(numbers, 5), whole(numbers, 6) && whole(numbers, 7),
        numbers[17] > 0 && 100 * numbers[16] >= (round.revision == 1 ? 30 : 60) * numbers[17]};
    return new Result(6, ladder(met), numbers);
  }

  Result credited(int provinceLevel) {
    return new Result(indicator, provinceLevel, numbers);
  }

  boolean same(Result other) {
    return other != null && level == other.level && Arrays.equals(numbers, other.numbers);
  }

  private static boolean whole(long[] numbers, int measure) {
    return numbers[2 * measure + 1] > 0 && numbers[2 * measure] == numbers[2 * measure + 1];
  }

  private static int distinct(UnitRow row, int from) {
    int found = 0;
    for (int i = 0; i < UnitRow.CHANNELS; i++) found += row.counts[from + i] > 0 ? 1 : 0;
    return found;
  }

  private static int ladder(boolean[] met) {
    int level = 0;
    while (level < met.length && met[level]) level++;
    return level;
  }

  /** {"channels": "4", "households_verified": [40, 40], "income_growth": null} */
  private String measures() {
    String[] names = indicator == 5 ? OF_5 : OF_6;
    List<String> told = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      long denominator = numbers[2 * i + 1];
      String value = denominator == COUNT ? "\"" + numbers[2 * i] + "\""
          : denominator == 0 ? "null" : "[" + numbers[2 * i] + "," + denominator + "]";
      told.add("\"" + names[i] + "\":" + value);
    }
    return "{" + String.join(",", told) + "}";
  }

  String json(int unit, int revision, String cause, int partition, long offset) {
    return "{\"unit\":\"" + unit + "\",\"indicator\":" + indicator + ",\"level\":" + level + ",\"revision\":" + revision + ",\"measures\":"
        + measures() + ",\"cause\":{\"id\":\"" + cause + "\",\"partition\":" + partition + ",\"offset\":" + offset + "}}";
  }
}
