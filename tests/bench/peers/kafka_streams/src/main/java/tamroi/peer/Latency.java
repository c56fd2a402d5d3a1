package tamroi.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces submissions of one household into the topic at a steady rate, and looks when the district's result that each
 * changes has come: in the application's topic, or with url= and token= in a server's feed. A time runs from when the
 * submission was due to be produced.
 */
public final class Latency {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant AFTER_THE_ROUND = Instant.parse("2022-10-10T03:00:00Z");
  private final Map<String, Long> due = new ConcurrentHashMap<>();
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final CountDownLatch watching = new CountDownLatch(1);
  private volatile boolean over;

  public static void main(String[] arguments) throws Exception {
    Map<String, String> asked = Peer.arguments(arguments);
    new Latency().measure(asked);
    System.exit(0);
  }

  private void measure(Map<String, String> asked) throws Exception {
    Thread watcher = new Thread(() -> {
      if (asked.containsKey("url")) watchFeed(asked);
      else watchTopic(asked);
    });
    watcher.setDaemon(true);
    watcher.start();
    watching.await();
    int rate = Integer.parseInt(asked.get("rate"));
    produce(asked, rate, rate / 4 + 1);  // what is not measured: everything becomes warm
    Thread.sleep(2000);
    due.clear();
    seen.clear();
    produce(asked, rate, (int) (rate * Double.parseDouble(asked.get("seconds"))));
    long patience = System.nanoTime() + 60_000_000_000L;
    while (!seen.keySet().containsAll(due.keySet()) && System.nanoTime() < patience) Thread.sleep(10);
    over = true;
    if (!seen.keySet().containsAll(due.keySet())) throw new IllegalStateException("only " + seen.size() + " of " + due.size() + " changes came");
    List<Long> times = new ArrayList<>();
    due.forEach((id, at) -> times.add(seen.get(id) - at));
    times.sort(null);
    System.out.printf("{\"changes\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}%n", times.size(), at(times, 50), at(times, 99), at(times, 100));
  }

  private static double at(List<Long> times, int percent) {
    return times.get(Math.min(times.size() - 1, times.size() * percent / 100)) / 1e6;
  }

  private void produce(Map<String, String> asked, int rate, int count) throws Exception {
    Units units = new Units(Path.of(asked.get("units")));
    List<Integer> districts = units.all().values().stream().flatMap(List::stream)
        .filter(one -> !asked.containsKey("province") || one / 100 == Integer.parseInt(asked.get("province"))).toList();
    Map<String, Object> settings = Map.of("bootstrap.servers", asked.get("brokers"), "acks", "all", "linger.ms", 0);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.partitionsFor(asked.get("prefix") + ".submissions");
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long when = begin + i * 1_000_000_000L / rate;
        while (System.nanoTime() < when) LockSupport.parkNanos(Math.min(200_000, when - System.nanoTime()));
        int unit = districts.get((int) (i * 7919L % districts.size()));
        UUID id = UUID.randomUUID();
        due.put(id.toString(), when);
        producer.send(record(asked.get("prefix") + ".submissions", units.partition(unit / 100), unit, id));
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, int unit, UUID id) {
    JournalRecord record = new JournalRecord();
    record.kind = JournalRecord.SUBMISSION;
    record.id = ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
    long millis = AFTER_THE_ROUND.toEpochMilli();
    record.receivedAt = millis * 1000;
    record.body = ("{\"id\":\"" + id + "\",\"unit\":\"" + unit + "\",\"round\":\"" + Calendar.ROUND + "\",\"reason\":\"The register had missed it\","
        + "\"entries\":[{\"op\":\"record\",\"fact\":\"" + UUID.randomUUID() + "\",\"type\":\"target_household\",\"occurred_on\":\"2022-08-25\","
        + "\"values\":{\"household\":\"found-" + id + "\",\"dimensions\":[\"income\"],\"source\":\"missed\"}}]}").getBytes(StandardCharsets.UTF_8);
    byte[] value = record.encode("found-" + unit, "district_officer", Integer.toString(unit));
    return new ProducerRecord<>(topic, partition, millis, record.id, value);
  }

  private void watchTopic(Map<String, String> asked) {
    try (KafkaConsumer<String, String> consumer = Topics.consumer(asked.get("brokers"), asked.get("application") + ".results")) {
      consumer.seekToEnd(consumer.assignment());
      consumer.assignment().forEach(consumer::position);
      watching.countDown();
      while (!over) {
        consumer.poll(Duration.ofMillis(100)).forEach(one -> see(one.value()));
      }
    }
  }

  private void watchFeed(Map<String, String> asked) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(asked.get("url") + "/v1/feed?round=" + Calendar.ROUND))
        .header("Authorization", "Bearer " + asked.get("token")).build();
    try (Stream<String> lines = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
        .send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      watching.countDown();
      lines.filter(line -> line.startsWith("data:") && line.contains("\"cause\"")).forEach(line -> see(line.substring(5)));
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void see(String change) {
    long now = System.nanoTime();
    try {
      JsonNode told = JSON.readTree(change);
      boolean own = told.path("unit").asText().length() == 4 && told.path("indicator").asInt() == 6;
      if (own) seen.putIfAbsent(told.path("cause").path("id").asText(), now);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(change, e);
    }
  }
}
