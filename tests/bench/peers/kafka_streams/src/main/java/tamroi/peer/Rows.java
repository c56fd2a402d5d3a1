package tamroi.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the state stores hold, in few bytes. */
final class Rows {
  private static final ThreadLocal<ByteBuffer> SPACE = ThreadLocal.withInitial(() -> ByteBuffer.allocate(1 << 18));

  private Rows() {}

  /** A fact as it stands now: what the measures read of it, not all of its values. */
  static final class Fact {
    byte type;
    boolean live;
    short unit;
    int day;
    long offset;  // where it was recorded; a correction does not move it
    short entry;
    byte word;    // a choice; what it means depends on the type
    long number;
    String entity = "";

    byte[] encode() {
      byte[] name = entity.getBytes(StandardCharsets.ISO_8859_1);
      return ByteBuffer.allocate(27 + name.length).put(type).put((byte) (live ? 1 : 0)).putShort(unit).putInt(day).putLong(offset)
          .putShort(entry).put(word).putLong(number).put(name).array();
    }

    static Fact decode(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      Fact fact = new Fact();
      fact.type = in.get();
      fact.live = in.get() == 1;
      fact.unit = in.getShort();
      fact.day = in.getInt();
      fact.offset = in.getLong();
      fact.entry = in.getShort();
      fact.word = in.get();
      fact.number = in.getLong();
      fact.entity = new String(bytes, 27, bytes.length - 27, StandardCharsets.ISO_8859_1);
      return fact;
    }

    Fact copy() {
      return decode(encode());
    }
  }

  record Dated(int day, long offset, short entry, long value) {
    boolean after(Dated other) {
      return day != other.day ? day > other.day : offset != other.offset ? offset > other.offset : entry > other.entry;
    }
  }

  /** A household, plot or group, with what is counted of the facts about it. */
  static final class Entity {
    short unit;
    int registered;     // on that day
    boolean needy;      // fails all dimensions
    int uses;           // live facts about it
    int verified;
    int helped;
    final short[] visits = new short[Calendar.MONTHS];
    final List<Dated> first = new ArrayList<>();   // outcomes of a household, or baselines of a group
    final List<Dated> second = new ArrayList<>();  // incomes of a group

    byte[] encode() {
      ByteBuffer out = SPACE.get().clear();
      out.putShort(unit).putInt(registered).put((byte) (needy ? 1 : 0)).putInt(uses).putInt(verified).putInt(helped);
      for (short count : visits) out.putShort(count);
      put(out, first);
      put(out, second);
      byte[] bytes = new byte[out.position()];
      out.flip().get(bytes);
      return bytes;
    }

    static Entity decode(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      Entity entity = new Entity();
      entity.unit = in.getShort();
      entity.registered = in.getInt();
      entity.needy = in.get() == 1;
      entity.uses = in.getInt();
      entity.verified = in.getInt();
      entity.helped = in.getInt();
      for (int month = 0; month < Calendar.MONTHS; month++) entity.visits[month] = in.getShort();
      take(in, entity.first);
      take(in, entity.second);
      return entity;
    }

    static Dated latest(List<Dated> list) {
      Dated latest = null;
      for (Dated one : list) latest = latest == null || one.after(latest) ? one : latest;
      return latest;
    }

    private static void put(ByteBuffer out, List<Dated> list) {
      out.putShort((short) list.size());
      for (Dated one : list) out.putInt(one.day).putLong(one.offset).putShort(one.entry).putLong(one.value);
    }

    private static void take(ByteBuffer in, List<Dated> list) {
      int count = in.getShort();
      for (int i = 0; i < count; i++) list.add(new Dated(in.getInt(), in.getLong(), in.getShort(), in.getLong()));
    }
  }

  /** Where the round stands in a province. */
  static final class Round {
    long recordedAt;
    long lastNumber;  // of a control copy
    int revision;     // 0: not open
    int closed;       // so many months
    boolean over;

    byte[] encode() {
      return ByteBuffer.allocate(25).putLong(recordedAt).putLong(lastNumber).putInt(revision).putInt(closed).put((byte) (over ? 1 : 0)).array();
    }

    static Round decode(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      Round round = new Round();
      round.recordedAt = in.getLong();
      round.lastNumber = in.getLong();
      round.revision = in.getInt();
      round.closed = in.getInt();
      round.over = in.get() == 1;
      return round;
    }
  }
}
