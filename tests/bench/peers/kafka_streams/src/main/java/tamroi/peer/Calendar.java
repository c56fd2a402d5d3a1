package tamroi.peer;

import java.time.LocalDate;

/** The half-year of the round, in days since 1970. */
final class Calendar {
  static final String ROUND = "2565-2";
  static final int MONTHS = 6;
  static final int FIRST_DAY = day("2022-04-01");
  static final int LAST_DAY = day("2022-09-30");
  static final int BASE_DATE = day("2022-03-31");
  static final int SHARES_DATE = day("2022-05-15");
  private static final int FIRST_MONDAY = day("2022-04-04");
  static final int WEEKS = (LAST_DAY - FIRST_MONDAY) / 7 + 1;
  private static final int[] MONTH_STARTS = new int[MONTHS + 1];

  static {
    for (int month = 0; month <= MONTHS; month++) MONTH_STARTS[month] = (int) LocalDate.of(2022, 4 + month, 1).toEpochDay();
  }

  static int day(String date) {
    return (int) LocalDate.parse(date).toEpochDay();
  }

  static int firstOf(int month) {
    return MONTH_STARTS[month];
  }

  /** From 0 for April; -1 before the round. */
  static int monthOf(int day) {
    int month = -1;
    while (month + 1 < MONTHS && day >= MONTH_STARTS[month + 1]) month++;
    return month;
  }

  /** From 0 for the first that lies in the round from its Monday on; -1 before it. */
  static int weekOf(int day) {
    return day < FIRST_MONDAY ? -1 : (day - FIRST_MONDAY) / 7;
  }

  /** How many weeks lie wholly in the first so many months. */
  static int weeksWithin(int months) {
    return months == 0 ? 0 : (MONTH_STARTS[months] - FIRST_MONDAY) / 7;
  }

  static int bangkokDay(long micros) {
    return (int) Math.floorDiv(micros + 7L * 3_600_000_000L, 86_400_000_000L);
  }
}
