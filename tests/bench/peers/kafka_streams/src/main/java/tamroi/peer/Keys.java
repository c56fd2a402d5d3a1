package tamroi.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;

/** Keys of the one state store: each store more would be a database and a changelog more for each of 77 partitions. */
final class Keys {
  private Keys() {}

  static Bytes ofFact(UUID id) {
    return Bytes.wrap(ByteBuffer.allocate(17).put((byte) 'f').putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array());
  }

  static Bytes ofSubmission(byte[] id) {
    return Bytes.wrap(ByteBuffer.allocate(1 + id.length).put((byte) 's').put(id).array());
  }

  /** 0: the round. */
  static Bytes ofUnit(int unit) {
    return Bytes.wrap(ByteBuffer.allocate(5).put((byte) 'u').putInt(unit).array());
  }

  static Bytes ofEntity(String kind, String name) {
    return Bytes.wrap((kind.charAt(0) + name).getBytes(StandardCharsets.ISO_8859_1));
  }
}
