package tamroi.peer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A record of the journal, as schemas/event/record.proto has it; read by hand, which is faster than generated code. */
final class JournalRecord {
  static final int SUBMISSION = 1;
  static final int CONTROL_COPY = 3;

  int format;
  int kind;
  byte[] id = new byte[0];
  long receivedAt;  // microseconds since 1970
  byte[] body = new byte[0];
  long number;

  static JournalRecord decode(byte[] bytes) {
    JournalRecord record = new JournalRecord();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) (tag & 7)) {
        case 0 -> record.take((int) (tag >>> 3), varint(in));
        case 2 -> {
          int length = (int) varint(in);
          int from = in.position();
          record.take((int) (tag >>> 3), Arrays.copyOfRange(bytes, from, from + length));
          in.position(from + length);
        }
        default -> throw new IllegalArgumentException("a wire type that no record has: " + (tag & 7));
      }
    }
    if (record.format != 1) throw new IllegalArgumentException("a record of format " + record.format);
    return record;
  }

  byte[] encode(String account, String role, String unit) {
    ByteArrayOutputStream actor = new ByteArrayOutputStream();
    put(actor, 1, account.getBytes());
    put(actor, 2, role.getBytes());
    put(actor, 3, unit.getBytes());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, 1, 1);
    put(out, 2, kind);
    put(out, 3, id);
    put(out, 4, receivedAt);
    put(out, 5, actor.toByteArray());
    put(out, 6, body);
    return out.toByteArray();
  }

  private void take(int field, long value) {
    if (field == 1) format = (int) value;
    if (field == 2) kind = (int) value;
    if (field == 4) receivedAt = value;
    if (field == 7) number = value;
  }

  private void take(int field, byte[] value) {
    if (field == 3) id = value;
    if (field == 6) body = value;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) return value;
    }
    throw new IllegalArgumentException("a number without end");
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    while ((value & ~0x7fL) != 0) {
      out.write((int) (value & 0x7f) | 0x80);
      value >>>= 7;
    }
    out.write((int) value);
  }

  private static void put(ByteArrayOutputStream out, int field, long value) {
    varint(out, field << 3);
    varint(out, value);
  }

  private static void put(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }
}
