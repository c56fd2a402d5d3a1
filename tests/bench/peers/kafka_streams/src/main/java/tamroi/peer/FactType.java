package tamroi.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What may be recorded: the fact types of round 2565-2 with the form of their values. */
final class FactType {
  // Who records it (D: districts, P: provinces), then its values: NAME=KIND, NAME?=KIND where it may be missing. "+NAME"
  // registers an entity, "@NAME" uses one; of "a|b" in the end one at least is needed.
  private static final String TABLE = """
      target_household D +household dimensions=words:health,education,living_conditions,income,state_services source=word:tpmap,missed
      plot D +plot kind=word:CLM,HLM
      target_group D +group work_group=word:agriculture,processing,tourism
      product DP work_group=word:agriculture,processing,tourism kind=word:video,best_practice title=text document?=document url?=url document|url
      publicity DP indicator=integer:5,7 work_group?=word:agriculture,processing,tourism channel=word:CHANNELS url?=url document?=document url|document
      income_baseline D @group amount=money:1
      income D @group amount=money:0
      household_verified D @household logbook_reference=text
      household_plan D @household document?=document
      household_help D @household dimension=word:health,education,living_conditions,income,state_services agency=text
      mentor_visit D @household team=text
      supervision_report D document?=document
      poverty_share D target_households=integer:0,MAX all_households=integer:1,MAX
      missed_share D found=integer:0,MAX base=integer:1,MAX
      household_outcome D @household outcome=word:not_yet,survival,sufficiency,sustainability
      plot_assessment D @plot assessment=word:may,september grade=word:A,B,C
      department_report DP subject=word:assessment_may,assessment_september,score document?=document
      development_plan DP scope=word:plot,district,province strategies=integers:1,5 activities=boolean timeframe=boolean agency_roles=boolean document=document
      model DP title=text in_use=boolean document=document:3
      best_practice DP title=text target_group=text agencies=text method=text result=text document=document:2
      evidence DP indicator=integer:5,7 requirement=text document=document
      judgement P unit=text indicator=integer:7,7 level=integer:5,5 met=boolean grounds=text
      """.replace("CHANNELS", "local_newspaper,radio,television,facebook,line,website,youtube,notice_board,event,other")
      .replace("MAX", Long.toString((1L << 53) - 1));

  private static final Pattern ENTITY = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern MONEY = Pattern.compile("(0|[1-9][0-9]{0,12})(\\.[0-9]{1,2})?");
  private static final long MONEY_MAX = 100_000_000_000_000L;
  static final FactType[] ALL = TABLE.lines().map(FactType::new).toArray(FactType[]::new);
  private static final Map<String, FactType> BY_NAME = new HashMap<>();

  static {
    for (int i = 0; i < ALL.length; i++) {
      ALL[i].number = (byte) i;
      BY_NAME.put(ALL[i].name, ALL[i]);
    }
  }

  private record Field(String name, boolean optional, String kind, List<String> words, long least, long most) {}

  final String name;
  final boolean byDistricts;
  final boolean byProvinces;
  byte number;
  boolean registers;
  String entity;  // the kind, and the field; null where there is none
  private final List<Field> fields = new ArrayList<>();
  private final List<String> oneAtLeast = new ArrayList<>();

  static FactType named(String name) {
    return BY_NAME.get(name);
  }

  private FactType(String line) {
    String[] parts = line.strip().split(" +");
    name = parts[0];
    byDistricts = parts[1].contains("D");
    byProvinces = parts[1].contains("P");
    for (int i = 2; i < parts.length; i++) {
      String part = parts[i];
      if (part.startsWith("+") || part.startsWith("@")) {
        registers = part.startsWith("+");
        entity = part.substring(1);
      } else if (part.contains("|")) {
        oneAtLeast.addAll(List.of(part.split("\\|")));
      } else {
        String[] sides = part.split("=");
        String[] kind = sides[1].split(":");
        List<String> words = kind.length > 1 ? List.of(kind[1].split(",")) : List.of();
        boolean bounded = kind[0].startsWith("integer") || kind[0].equals("money") || kind[0].equals("document");
        long first = bounded && !words.isEmpty() ? Long.parseLong(words.get(0)) : 0;
        long last = bounded && !words.isEmpty() ? Long.parseLong(words.get(words.size() - 1)) : 0;
        fields.add(new Field(sides[0].replace("?", ""), sides[0].endsWith("?"), kind[0], words, first, last));
      }
    }
  }

  /** Adds what is wrong with the values; a problem is CODE at WHERE. */
  void check(JsonNode values, String where, List<String> problems) {
    int known = 0;
    if (entity != null) {
      JsonNode value = values.get(entity);
      known += value == null ? 0 : 1;
      note(value == null, "missing_field", where, entity, problems);
      note(value != null && entityOf(values) == null, "bad_value", where, entity, problems);
    }
    for (Field field : fields) {
      JsonNode value = values.get(field.name);
      known += value == null ? 0 : 1;
      note(value == null && !field.optional, "missing_field", where, field.name, problems);
      note(value != null && !fits(value, field), "bad_value", where, field.name, problems);
    }
    if (known < values.size()) unknown(values, where, problems);
    if (!oneAtLeast.isEmpty() && oneAtLeast.stream().noneMatch(values::has)) problems.add("missing_field " + where);
    if (name.equals("publicity") && values.path("indicator").isIntegralNumber()) {
      boolean needed = values.get("indicator").asInt() == 5;
      note(needed && !values.has("work_group"), "missing_field", where, "work_group", problems);
      note(!needed && values.has("work_group"), "unknown_field", where, "work_group", problems);
    }
    if (name.equals("poverty_share") && values.path("target_households").asLong() > values.path("all_households").asLong()) {
      problems.add("bad_value " + where + "/target_households");
    }
  }

  String entityOf(JsonNode values) {
    JsonNode value = values.path(entity);
    return value.isTextual() && ENTITY.matcher(value.textValue()).matches() ? value.textValue() : null;
  }

  /** Where the word stands in the field's list; -1 where the field is left out. */
  int wordOf(JsonNode values, String field) {
    for (Field one : fields) {
      if (one.name.equals(field)) return one.words.indexOf(values.path(field).asText());
    }
    throw new IllegalArgumentException(name + " has no " + field);
  }

  static long satang(String money) {
    int dot = money.indexOf('.');
    if (dot < 0) return Long.parseLong(money) * 100;
    String decimals = money.substring(dot + 1);
    return Long.parseLong(money.substring(0, dot)) * 100 + Long.parseLong(decimals) * (decimals.length() == 1 ? 10 : 1);
  }

  private static void note(boolean wrong, String code, String where, String field, List<String> problems) {
    if (wrong) problems.add(code + " " + where + "/" + field);
  }

  private void unknown(JsonNode values, String where, List<String> problems) {
    for (Iterator<String> names = values.fieldNames(); names.hasNext(); ) {
      String given = names.next();
      if (!given.equals(entity) && fields.stream().noneMatch(field -> field.name.equals(given))) {
        problems.add("unknown_field " + where + "/" + given);
      }
    }
  }

  private static boolean fits(JsonNode value, Field field) {
    return switch (field.kind) {
      case "word" -> value.isTextual() && field.words.contains(value.textValue());
      case "words" -> isSet(value) && all(value, one -> one.isTextual() && field.words.contains(one.textValue()));
      case "integer" -> within(value, field);
      case "integers" -> isSet(value) && all(value, one -> within(one, field));
      case "money" -> value.isTextual() && MONEY.matcher(value.textValue()).matches()
          && satang(value.textValue()) >= field.least && satang(value.textValue()) <= MONEY_MAX;
      case "text" -> isText(value);
      case "url" -> value.isTextual() && value.textValue().length() <= 2000 && value.textValue().matches("https?://\\S+");
      case "boolean" -> value.isBoolean();
      case "document" -> isDocument(value, field);
      default -> throw new IllegalStateException(field.kind);
    };
  }

  private static boolean within(JsonNode value, Field field) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= field.least && value.longValue() <= field.most;
  }

  private static boolean isText(JsonNode value) {
    if (!value.isTextual() || value.textValue().isEmpty()) return false;
    String text = value.textValue();
    return text.codePointCount(0, text.length()) <= 500;
  }

  private static boolean isDocument(JsonNode value, Field field) {
    JsonNode pages = value.path("pages");
    boolean counted = pages.isIntegralNumber() && pages.asLong() >= 1;
    return value.isObject() && value.path("sha256").asText().matches("[0-9a-f]{64}") && isText(value.path("name"))
        && isText(value.path("media_type")) && value.path("size_bytes").isIntegralNumber() && value.size() <= 5
        && (field.most == 0 ? pages.isMissingNode() || counted : counted && pages.asLong() <= field.most);
  }

  private static boolean isSet(JsonNode value) {
    if (!value.isArray() || value.isEmpty()) return false;
    for (int i = 0; i < value.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (value.get(i).equals(value.get(j))) return false;
      }
    }
    return true;
  }

  private static boolean all(JsonNode values, java.util.function.Predicate<JsonNode> test) {
    for (JsonNode value : values) {
      if (!test.test(value)) return false;
    }
    return true;
  }
}
