package tamroi.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Topics make|reset|read NAME=VALUE…: what the application writes to, made or taken away; and what stands there. */
public final class Topics {
  private Topics() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> asked = Peer.arguments(java.util.Arrays.copyOfRange(arguments, 1, arguments.length));
    String application = asked.get("application");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", asked.get("brokers")))) {
      switch (arguments[0]) {
        case "make" -> make(admin, application);
        case "reset" -> {
          reset(admin, application);
          make(admin, application);
        }
        case "read" -> read(asked.get("brokers"), application);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  private static void make(Admin admin, String application) throws Exception {
    Map<String, String> settings = Map.of("retention.ms", "-1", "segment.ms", Long.toString(Long.MAX_VALUE));
    List<NewTopic> wanted = new ArrayList<>();
    for (String name : List.of("results", "outcomes")) {
      wanted.add(new NewTopic(application + "." + name, 4, (short) 1).configs(settings));
    }
    admin.createTopics(wanted).all().get();
  }

  /** As the application reset tool does: the positions, the topics that the application made, and what it wrote. */
  private static void reset(Admin admin, String application) throws Exception {
    try {
      boolean left = admin.describeConsumerGroups(List.of(application)).all().get().get(application).members().isEmpty();
      // One that was killed is still counted.
      if (!left) admin.removeMembersFromConsumerGroup(application, new RemoveMembersFromConsumerGroupOptions()).all().get();
      admin.deleteConsumerGroups(List.of(application)).all().get();
    } catch (java.util.concurrent.ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) throw e;
    }
    Set<String> names = new HashSet<>(admin.listTopics().names().get());
    names.removeIf(name -> !name.startsWith(application + "-") && !name.startsWith(application + "."));
    admin.deleteTopics(names).all().get();
    while (admin.listTopics().names().get().stream().anyMatch(names::contains)) Thread.sleep(20);
  }

  /** The last result of each unit and indicator, and each unit's version; a line each. */
  private static void read(String brokers, String application) {
    Map<String, String> last = new TreeMap<>();
    Map<String, Long> verdicts = new TreeMap<>();
    long[] results = {0};
    each(brokers, application + ".results", one -> {
      last.put(one.key(), one.value());
      results[0]++;
    });
    each(brokers, application + ".outcomes", one -> {
      String verdict = one.value().split("\"")[3];
      String unit = verdict.equals("accepted") ? " " + one.value().split("\"")[7] : "";
      verdicts.merge(verdict + unit, 1L, Long::sum);
    });
    last.values().forEach(System.out::println);
    verdicts.forEach((what, count) -> System.out.println("{\"verdict\":\"" + what + "\",\"count\":" + count + "}"));
    System.out.println("{\"results_published\":" + results[0] + "}");
  }

  static KafkaConsumer<String, String> consumer(String brokers, String topic) {
    Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed", "enable.auto.commit", "false"));
    KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    consumer.assign(consumer.partitionsFor(topic).stream().map(one -> new TopicPartition(topic, one.partition())).toList());
    return consumer;
  }

  private static void each(String brokers, String topic, java.util.function.Consumer<ConsumerRecord<String, String>> take) {
    try (KafkaConsumer<String, String> consumer = consumer(brokers, topic)) {
      consumer.seekToBeginning(consumer.assignment());
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(take);
      }
    }
  }
}
