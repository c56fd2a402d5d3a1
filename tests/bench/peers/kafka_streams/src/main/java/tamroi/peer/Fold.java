package tamroi.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** One province's stream, record after record: what was sent before is in the state store of its task. */
final class Fold implements Processor<byte[], byte[], String, String> {
  static final String STATE = "state";
  static final String RESULTS_SINK = "results-sink";
  static final String OUTCOMES_SINK = "outcomes-sink";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Units tree;
  private final Progress progress;
  private final MessageDigest sha256 = sha256();
  private ProcessorContext<String, String> context;
  private KeyValueStore<Bytes, byte[]> state;
  private int partition;
  private int province;
  private Rows.Round round = new Rows.Round();
  private final Map<Integer, UnitRow> rows = new HashMap<>();
  private final Map<Integer, Result[]> shown = new HashMap<>();

  Fold(Units tree, Progress progress) {
    this.tree = tree;
    this.progress = progress;
  }

  @Override
  public void init(ProcessorContext<String, String> context) {
    this.context = context;
    state = context.getStateStore(STATE);
    partition = context.taskId().partition();
    province = tree.province(partition);
    byte[] stored = state.get(Keys.ofUnit(0));
    if (stored != null) round = Rows.Round.decode(stored);
    for (int unit : tree.withDistricts(province)) {
      byte[] row = state.get(Keys.ofUnit(unit));
      rows.put(unit, row == null ? new UnitRow(unit) : UnitRow.decode(unit, row));
    }
    for (Map.Entry<Integer, Result[]> one : results(tree.withDistricts(province)).entrySet()) shown.put(one.getKey(), one.getValue());
  }

  @Override
  public void process(Record<byte[], byte[]> message) {
    long offset = context.recordMetadata().orElseThrow().offset();
    try {
      JournalRecord record = JournalRecord.decode(message.value());
      round.recordedAt = Math.max(round.recordedAt, record.receivedAt);
      if (record.kind == JournalRecord.CONTROL_COPY) control(record, offset, message.timestamp());
      if (record.kind == JournalRecord.SUBMISSION) submission(record, offset, message.timestamp());
      state.put(Keys.ofUnit(0), round.encode());
    } catch (IOException e) {
      throw new UncheckedIOException("record " + partition + ":" + offset, e);
    }
    if (progress.reached(partition, offset)) context.commit();
  }

  private void submission(JournalRecord record, long offset, long time) throws IOException {
    byte[] digest = sha256.digest(record.body);
    Bytes key = Keys.ofSubmission(record.id);
    byte[] known = state.get(key);
    String cause = idOf(record.id);
    if (known != null) {
      boolean same = Arrays.equals(digest, 0, 32, known, 9, 41);
      String told = same ? "{\"verdict\":\"repeat\",\"of\":" + ByteBuffer.wrap(known).getLong() + "}"
          : "{\"verdict\":\"rejected\",\"problems\":[\"id_reused /id\"]}";
      context.forward(new Record<>(cause, told, time), OUTCOMES_SINK);
      return;
    }
    JsonNode body = JSON.readTree(record.body);
    int unit = Integer.parseInt(body.get("unit").textValue());
    Decision decision = new Decision(state, round, rows.get(unit), offset);
    boolean accepted = decision.accepts(body);
    state.put(key, ByteBuffer.allocate(41).putLong(offset).put((byte) (accepted ? 1 : 0)).put(digest).array());
    if (accepted) {
      decision.keep();
      decision.row.version++;
      rows.put(unit, decision.row);
      state.put(Keys.ofUnit(unit), decision.row.encode());
      publish(unit == province ? List.of(province) : List.of(unit, province), cause, offset, time);
    }
    context.forward(new Record<>(cause, outcome(unit, accepted, decision), time), OUTCOMES_SINK);
  }

  private static String outcome(int unit, boolean accepted, Decision decision) throws IOException {
    return accepted ? "{\"verdict\":\"accepted\",\"unit\":\"" + unit + "\",\"version\":" + decision.row.version + "}"
        : "{\"verdict\":\"rejected\",\"unit\":\"" + unit + "\",\"problems\":" + JSON.writeValueAsString(decision.problems) + "}";
  }

  private void control(JournalRecord record, long offset, long time) throws IOException {
    if (record.number != round.lastNumber + 1) return;  // a repeat of a former steward
    round.lastNumber = record.number;
    JsonNode body = JSON.readTree(record.body);
    String unit = body.path("unit").asText("TH");
    if (!unit.equals("TH") && !unit.equals(Integer.toString(province))) return;
    switch (body.path("type").asText()) {
      case "round_opened" -> round.revision = round.revision == 0 ? body.get("revision").asInt() : round.revision;
      case "criteria_revised" -> round.revision = Math.max(round.revision, body.get("revision").asInt());
      case "period_closed" -> round.closed = Math.max(round.closed, Calendar.monthOf(Calendar.day(body.get("month").textValue() + "-01")) + 1);
      case "round_closed" -> round.over = true;
      default -> {
        return;  // catalogues, and targets of an indicator that is not kept here
      }
    }
    publish(tree.withDistricts(province), idOf(record.id), offset, time);
  }

  /** Of these units, what differs from what was said last; the province's level moves what its districts are credited with. */
  private void publish(List<Integer> touched, String cause, long offset, long time) {
    Map<Integer, Result[]> now = results(touched);
    if (now.get(province)[0].level() != shown.get(province)[0].level()) now = results(tree.withDistricts(province));
    for (Map.Entry<Integer, Result[]> one : now.entrySet()) {
      Result[] before = shown.put(one.getKey(), one.getValue());
      for (int i = 0; i < 2; i++) {
        Result result = one.getValue()[i];
        if (result.same(before[i])) continue;
        String key = one.getKey() + "/" + result.indicator();
        context.forward(new Record<>(key, result.json(one.getKey(), round.revision, cause, partition, offset), time), RESULTS_SINK);
      }
    }
  }

  /** The province among the units. */
  private Map<Integer, Result[]> results(List<Integer> wanted) {
    UnitRow pooled = new UnitRow(province);
    rows.values().forEach(pooled::add);
    Result team = Result.ofTeam(pooled, Math.max(1, round.revision));
    int level = round.revision == 0 ? 0 : team.level();
    Map<Integer, Result[]> results = new HashMap<>();
    for (int unit : wanted) {
      if (unit == province) {
        List<UnitRow> districts = new ArrayList<>();
        for (int one : tree.districts(province)) districts.add(rows.get(one));
        results.put(unit, new Result[] {team.credited(level), Result.ofDrive(pooled, districts, round)});
      } else {
        UnitRow own = rows.get(unit);
        Result theirs = Result.ofTeam(own, Math.max(1, round.revision)).credited(level);
        results.put(unit, new Result[] {theirs, Result.ofDrive(own, List.of(own), round)});
      }
    }
    return results;
  }

  private static String idOf(byte[] id) {
    ByteBuffer in = ByteBuffer.wrap(id);
    return new UUID(in.getLong(), in.getLong()).toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
