package tamroi.peer;

import java.nio.ByteBuffer;

/** What is counted of a unit's own live facts. Everything can be taken back by the same step with -1. */
final class UnitRow {
  static final int HOUSEHOLDS = 0;
  static final int VERIFIED = 1;
  static final int NEEDY = 2;
  static final int NEEDY_HELPED = 3;
  static final int HELPED = 4;
  static final int SUBSISTING = 5;
  static final int GROUPS = 6;
  static final int GROUPS_WITH_BOTH = 7;
  static final int POVERTY_SHARES = 8;
  static final int MISSED_SHARES = 9;
  static final int ELIGIBLE = 10;                              // a month: households to be visited in it
  static final int VISITED = ELIGIBLE + Calendar.MONTHS;       // a month: of them, visited enough
  static final int SUPERVISED = VISITED + Calendar.MONTHS;     // a month: reports
  static final int WEEKS = SUPERVISED + Calendar.MONTHS;       // a week: items of publicity
  static final int CHANNELS = 10;
  static final int DRIVE = WEEKS + Calendar.WEEKS;             // a channel: items of indicator 6
  static final int WORK_GROUPS = 3;
  static final int PRODUCTS = DRIVE + CHANNELS;                // a work group
  static final int WORK = PRODUCTS + WORK_GROUPS;              // a work group and channel: items of indicator 5
  private static final int SLOTS = WORK + WORK_GROUPS * CHANNELS;

  final int unit;
  int version;  // submissions accepted
  long baselines;
  long incomes;
  final int[] counts = new int[SLOTS];

  UnitRow(int unit) {
    this.unit = unit;
  }

  UnitRow copy() {
    UnitRow row = new UnitRow(unit);
    row.version = version;
    row.add(this);
    return row;
  }

  void add(UnitRow other) {
    baselines += other.baselines;
    incomes += other.incomes;
    for (int i = 0; i < SLOTS; i++) counts[i] += other.counts[i];
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(20 + 4 * SLOTS).putInt(version).putLong(baselines).putLong(incomes);
    for (int count : counts) out.putInt(count);
    return out.array();
  }

  static UnitRow decode(int unit, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    UnitRow row = new UnitRow(unit);
    row.version = in.getInt();
    row.baselines = in.getLong();
    row.incomes = in.getLong();
    for (int i = 0; i < SLOTS; i++) row.counts[i] = in.getInt();
    return row;
  }

  /** What an entity of the unit contributes as it stands. */
  void count(String kind, Rows.Entity entity, int sign) {
    if (kind.equals("household")) household(entity, sign);
    if (kind.equals("group")) group(entity, sign);
  }

  private void household(Rows.Entity entity, int sign) {
    counts[HOUSEHOLDS] += sign;
    if (entity.verified > 0) counts[VERIFIED] += sign;
    if (entity.needy) counts[NEEDY] += sign;
    for (int month = 0; month < Calendar.MONTHS; month++) {
      if (entity.registered > Calendar.firstOf(month)) continue;
      counts[ELIGIBLE + month] += sign;
      if (entity.visits[month] >= 2) counts[VISITED + month] += sign;
    }
    if (entity.helped == 0) return;
    counts[HELPED] += sign;
    if (entity.needy) counts[NEEDY_HELPED] += sign;
    Rows.Dated outcome = Rows.Entity.latest(entity.first);
    if (outcome != null && outcome.value() > 0) counts[SUBSISTING] += sign;
  }

  private void group(Rows.Entity entity, int sign) {
    counts[GROUPS] += sign;
    Rows.Dated baseline = Rows.Entity.latest(entity.first);
    Rows.Dated income = Rows.Entity.latest(entity.second);
    if (baseline != null) baselines += sign * baseline.value();
    if (income != null) incomes += sign * income.value();
    if (baseline != null && income != null) counts[GROUPS_WITH_BOTH] += sign;
  }

  /** A fact that is about no entity. */
  void count(Rows.Fact fact, int sign) {
    switch (FactType.ALL[fact.type].name) {
      case "product" -> counts[PRODUCTS + fact.word] += sign;
      case "supervision_report" -> counts[SUPERVISED + Calendar.monthOf(fact.day)] += sign;
      case "poverty_share" -> counts[POVERTY_SHARES] += sign;
      case "missed_share" -> counts[MISSED_SHARES] += sign;
      case "publicity" -> publicity(fact, sign);
      default -> { }  // of indicator 7, or evidence: kept, and no measure here reads it
    }
  }

  private void publicity(Rows.Fact fact, int sign) {
    int indicator = (int) fact.number >> 4;
    if (indicator == 5) counts[WORK + ((int) fact.number & 15) * CHANNELS + fact.word] += sign;
    if (indicator != 6) return;
    counts[DRIVE + fact.word] += sign;
    int week = Calendar.weekOf(fact.day);
    if (week >= 0) counts[WEEKS + week] += sign;
  }
}
