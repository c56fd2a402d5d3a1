package tamroi.peer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The application: Peer NAME=VALUE… folds the topic until it is ended, and says in a line when it has caught up. */
public final class Peer {
  // Otherwise the next start waits until the group has missed this one.
  private static final CloseOptions LEAVING = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);

  private Peer() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> asked = arguments(arguments);
    String topic = asked.get("prefix") + ".submissions";
    Properties settings = settings(asked);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", asked.get("brokers")))) {
      Progress progress = new Progress(ends(admin, topic));
      Topology topology = topology(asked, topic, new Units(Path.of(asked.get("units"))), progress);
      KafkaStreams streams = new KafkaStreams(topology, settings);
      CountDownLatch ended = new CountDownLatch(1);
      AtomicLong restored = new AtomicLong();
      streams.setGlobalStateRestoreListener(counting(restored));
      streams.setUncaughtExceptionHandler(failure -> {
        failure.printStackTrace();
        ended.countDown();
        return StreamThreadExceptionResponse.SHUTDOWN_APPLICATION;
      });
      Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(LEAVING)));
      streams.start();
      while (ended.getCount() > 0 && !caughtUp(streams, admin, asked.get("application"), topic, progress.goals())) Thread.sleep(50);
      if (ended.getCount() > 0) System.out.println("{\"caught_up\":true,\"restored\":" + restored.get() + "}");
      System.out.flush();
      ended.await();
    }
    System.exit(1);  // only a failure ends it by itself
  }

  static Map<String, String> arguments(String[] given) {
    Map<String, String> asked = new HashMap<>();
    for (String one : given) asked.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    return asked;
  }

  static Map<Integer, Long> ends(Admin admin, String topic) throws Exception {
    int partitions = admin.describeTopics(java.util.List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (int i = 0; i < partitions; i++) wanted.put(new TopicPartition(topic, i), OffsetSpec.latest());
    return admin.listOffsets(wanted).all().get().entrySet().stream()
        .collect(Collectors.toMap(one -> one.getKey().partition(), one -> one.getValue().offset()));
  }

  private static boolean caughtUp(KafkaStreams streams, Admin admin, String group, String topic, Map<Integer, Long> goals) throws Exception {
    if (streams.state() != KafkaStreams.State.RUNNING) return false;
    Map<TopicPartition, OffsetAndMetadata> done = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return goals.entrySet().stream().allMatch(goal -> {
      OffsetAndMetadata committed = done.get(new TopicPartition(topic, goal.getKey()));
      return goal.getValue() == 0 || committed != null && committed.offset() >= goal.getValue();
    });
  }

  private static Topology topology(Map<String, String> asked, String topic, Units units, Progress progress) {
    StringSerializer texts = new StringSerializer();
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    return new Topology()
        .addSource("records", bytes, bytes, topic)
        .addProcessor("fold", () -> new Fold(units, progress), "records")
        .addStateStore(state(), "fold")
        .addSink(Fold.RESULTS_SINK, asked.get("application") + ".results", texts, texts, "fold")
        .addSink(Fold.OUTCOMES_SINK, asked.get("application") + ".outcomes", texts, texts, "fold");
  }

  /** Times of records are the sample's: segments of the changelog are not to be cut by them. */
  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> state() {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(Fold.STATE), Serdes.Bytes(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Long.MAX_VALUE)));
  }

  private static Properties settings(Map<String, String> asked) {
    boolean exactly = asked.get("exactly-once").equals("true");
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, asked.get("brokers"));
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, asked.get("application"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, asked.get("state"));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, exactly ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, asked.get("commit-ms"));
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 128L << 20);
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, Bounds.class);
    settings.put("input.buffer.max.bytes", 64L << 20);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 2 << 20);
    settings.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 20_000);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), asked.getOrDefault("linger-ms", "5"));
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 128L << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    return settings;
  }

  private static StateRestoreListener counting(AtomicLong restored) {
    return new StateRestoreListener() {
      @Override
      public void onRestoreStart(TopicPartition partition, String store, long from, long to) {}

      @Override
      public void onBatchRestored(TopicPartition partition, String store, long end, long count) {
        restored.addAndGet(count);
      }

      @Override
      public void onRestoreEnd(TopicPartition partition, String store, long total) {}
    };
  }
}
