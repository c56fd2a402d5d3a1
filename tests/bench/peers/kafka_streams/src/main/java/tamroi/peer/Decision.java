package tamroi.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** One submission over the state before it: each entry sees those before it, and all of them count or none does. */
final class Decision {
  private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern DATE_FORM = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Rows.Entity NONE = new Rows.Entity();

  final List<String> problems = new ArrayList<>();
  final UnitRow row;
  private final KeyValueStore<Bytes, byte[]> state;
  private final Map<Bytes, Rows.Fact> changedFacts = new HashMap<>();
  private final Map<Bytes, Rows.Entity> changedEntities = new HashMap<>();  // NONE: no longer registered
  private final Rows.Round round;
  private final int unit;
  private final int today;
  private final long offset;
  private boolean reasonNeeded;

  Decision(KeyValueStore<Bytes, byte[]> state, Rows.Round round, UnitRow row, long offset) {
    this.state = state;
    this.round = round;
    this.row = row.copy();
    this.unit = row.unit;
    this.offset = offset;
    this.today = Calendar.bangkokDay(round.recordedAt);
  }

  boolean accepts(JsonNode body) {
    if (!Calendar.ROUND.equals(body.path("round").textValue())) {
      problems.add("unknown_round /round");
      return false;
    }
    if (round.revision == 0 || round.over) problems.add("round_not_open /round");
    if (body.has("expects") && body.get("expects").asLong(-1) != row.version) problems.add("version_conflict /expects");
    JsonNode entries = body.path("entries");
    if (entries.isEmpty()) problems.add("bad_value /entries");
    for (int i = 0; i < entries.size(); i++) entry(entries.get(i), "/entries/" + i, (short) i);
    if (reasonNeeded && body.path("reason").asText().isBlank()) problems.add("reason_required /reason");
    return problems.isEmpty();
  }

  /** What an accepted one changed goes into the stores. */
  void keep() {
    changedFacts.forEach((id, fact) -> state.put(id, fact.encode()));
    changedEntities.forEach((key, entity) -> state.put(key, entity == NONE ? null : entity.encode()));
  }

  private void entry(JsonNode entry, String where, short number) {
    int before = problems.size();
    String op = entry.path("op").asText();
    String id = entry.path("fact").asText();
    boolean formed = UUID_FORM.matcher(id).matches();
    if (!formed) problems.add("bad_value " + where + "/fact");
    int members = op.equals("record") ? 5 : op.equals("correct") ? 4 : op.equals("withdraw") ? 2 : 0;
    if (members == 0) problems.add("bad_value " + where + "/op");
    if (members == 0) return;
    if (entry.size() > members) problems.add("unknown_field " + where);
    reasonNeeded |= members < 5;
    Bytes key = formed ? keyOf(id) : null;
    Rows.Fact old = formed ? factOf(key) : null;
    if (op.equals("record")) {
      if (old != null) problems.add("duplicate_fact " + where + "/fact");
      FactType type = FactType.named(entry.path("type").asText());
      if (type == null) problems.add("unknown_type " + where + "/type");
      if (type == null) return;
      boolean allowed = unit > 99 ? type.byDistricts : type.byProvinces;
      if (!allowed) problems.add("wrong_level " + where + "/type");
      Rows.Fact fact = formed(entry, type, where, true);
      String problem = allowed && fact != null ? entityProblem(type, fact.entity) : null;
      if (problem != null) problems.add(problem + " " + where + "/values/" + type.entity);
      if (problems.size() > before) return;
      fact.offset = offset;
      fact.entry = number;
      changedFacts.put(key, fact);
      take(fact, 1);
      return;
    }
    if (formed && (old == null || old.unit != unit)) problems.add("unknown_fact " + where + "/fact");
    else if (formed && !old.live) problems.add("withdrawn_fact " + where + "/fact");
    if (problems.size() > before) return;
    if (op.equals("withdraw")) withdraw(key, old, where);
    else correct(key, old, entry, where);
  }

  private void withdraw(Bytes key, Rows.Fact old, String where) {
    FactType type = FactType.ALL[old.type];
    if (type.registers && entityOf(type, old.entity).uses > 0) {
      problems.add("entity_in_use " + where + "/fact");
      return;
    }
    take(old, -1);
    Rows.Fact fact = old.copy();
    fact.live = false;
    changedFacts.put(key, fact);
  }

  private void correct(Bytes key, Rows.Fact old, JsonNode entry, String where) {
    int before = problems.size();
    FactType type = FactType.ALL[old.type];
    Rows.Fact fact = formed(entry, type, where, false);
    if (fact == null) return;
    boolean other = type.entity != null && !fact.entity.equals(old.entity);
    String problem = other && type.registers && entityOf(type, old.entity).uses > 0 ? "entity_in_use"
        : other || type.entity != null && !type.registers ? entityProblem(type, fact.entity) : null;
    if (problem != null) problems.add(problem + " " + where + "/values/" + type.entity);
    if (problems.size() > before) return;
    fact.offset = old.offset;
    fact.entry = old.entry;
    if (type.registers && !other) {
      Rows.Entity entity = entityOf(type, old.entity);
      row.count(type.entity, entity, -1);
      register(entity, fact);
      row.count(type.entity, entity, 1);
    } else {
      take(old, -1);
      take(fact, 1);
    }
    changedFacts.put(key, fact);
  }

  /** The fact that an entry tells of; null where its own form has a problem. */
  private Rows.Fact formed(JsonNode entry, FactType type, String where, boolean recorded) {
    int before = problems.size();
    String date = entry.path("occurred_on").asText();
    int day = dayOf(date);
    JsonNode values = entry.path("values");
    if (day < 0) problems.add("bad_value " + where + "/occurred_on");
    else dateProblems(type, values, day, where);
    if (recorded && problems.size() == before) reasonNeeded |= Calendar.monthOf(day) >= 0 && Calendar.monthOf(day) < round.closed;
    if (!values.isObject()) problems.add("missing_field " + where + "/values");
    else type.check(values, where + "/values", problems);
    if (problems.size() > before) return null;
    Rows.Fact fact = new Rows.Fact();
    fact.type = type.number;
    fact.live = true;
    fact.unit = (short) unit;
    fact.day = day;
    if (type.entity != null) fact.entity = type.entityOf(values);
    switch (type.name) {
      case "target_household" -> fact.word = (byte) (values.get("dimensions").size() == 5 ? 1 : 0);
      case "product" -> fact.word = (byte) type.wordOf(values, "work_group");
      case "household_outcome" -> fact.word = (byte) type.wordOf(values, "outcome");
      case "income", "income_baseline" -> fact.number = FactType.satang(values.get("amount").textValue());
      case "publicity" -> {
        fact.word = (byte) type.wordOf(values, "channel");
        fact.number = values.get("indicator").asInt() << 4 | Math.max(0, type.wordOf(values, "work_group"));
      }
      default -> { }
    }
    return fact;
  }

  private void dateProblems(FactType type, JsonNode values, int day, String where) {
    int fixed = type.name.equals("income_baseline") ? Calendar.BASE_DATE : type.name.endsWith("_share") ? Calendar.SHARES_DATE : 0;
    int month = !type.name.equals("plot_assessment") ? -1 : values.path("assessment").asText().equals("may") ? 1 : 5;
    String at = " " + where + "/occurred_on";
    if (fixed > 0 && day != fixed || month >= 0 && Calendar.monthOf(day) != month) problems.add("bad_value" + at);
    if (fixed == 0 && (day < Calendar.FIRST_DAY || day > Calendar.LAST_DAY)) problems.add("outside_round" + at);
    if (day > today) problems.add("in_the_future" + at);
  }

  private static int dayOf(String date) {
    try {
      return DATE_FORM.matcher(date).matches() ? Calendar.day(date) : -1;
    } catch (java.time.DateTimeException e) {
      return -1;
    }
  }

  private String entityProblem(FactType type, String name) {
    if (type.entity == null) return null;
    Rows.Entity entity = entityOf(type, name);
    if (type.registers) return entity != null ? "entity_exists" : null;
    return entity == null || entity.unit != unit ? "unknown_entity" : null;
  }

  /** The fact begins to count, or no longer does. */
  private void take(Rows.Fact fact, int sign) {
    FactType type = FactType.ALL[fact.type];
    if (type.entity == null) {
      row.count(fact, sign);
    } else if (type.registers && sign > 0) {
      Rows.Entity entity = new Rows.Entity();
      register(entity, fact);
      changedEntities.put(keyOf(type, fact.entity), entity);
      row.count(type.entity, entity, 1);
    } else if (type.registers) {
      row.count(type.entity, entityOf(type, fact.entity), -1);
      changedEntities.put(keyOf(type, fact.entity), NONE);
    } else {
      Rows.Entity entity = entityOf(type, fact.entity);
      row.count(type.entity, entity, -1);
      use(entity, type, fact, sign);
      row.count(type.entity, entity, 1);
    }
  }

  private static void register(Rows.Entity entity, Rows.Fact fact) {
    entity.unit = fact.unit;
    entity.registered = fact.day;
    entity.needy = fact.word == 1 && FactType.ALL[fact.type].name.equals("target_household");
  }

  private static void use(Rows.Entity entity, FactType type, Rows.Fact fact, int sign) {
    entity.uses += sign;
    switch (type.name) {
      case "household_verified" -> entity.verified += sign;
      case "household_help" -> entity.helped += sign;
      case "mentor_visit" -> entity.visits[Calendar.monthOf(fact.day)] += (short) sign;
      case "household_outcome" -> list(entity.first, fact, fact.word, sign);
      case "income_baseline" -> list(entity.first, fact, fact.number, sign);
      case "income" -> list(entity.second, fact, fact.number, sign);
      default -> { }
    }
  }

  private static void list(List<Rows.Dated> list, Rows.Fact fact, long value, int sign) {
    if (sign > 0) list.add(new Rows.Dated(fact.day, fact.offset, fact.entry, value));
    else list.removeIf(one -> one.offset() == fact.offset && one.entry() == fact.entry);
  }

  private Rows.Fact factOf(Bytes key) {
    Rows.Fact changed = changedFacts.get(key);
    if (changed != null) return changed;
    byte[] stored = state.get(key);
    return stored == null ? null : Rows.Fact.decode(stored);
  }

  /** One that may be changed here; null where none is registered. */
  private Rows.Entity entityOf(FactType type, String name) {
    Bytes key = keyOf(type, name);
    Rows.Entity entity = changedEntities.get(key);
    if (entity == null) {
      byte[] stored = state.get(key);
      if (stored == null) return null;
      entity = Rows.Entity.decode(stored);
      changedEntities.put(key, entity);
    }
    return entity == NONE ? null : entity;
  }

  private static Bytes keyOf(FactType type, String name) {
    return Keys.ofEntity(type.entity, name);
  }

  private static Bytes keyOf(String id) {
    return Keys.ofFact(UUID.fromString(id));
  }
}
