#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "journal/kafka.h"
#include "journal/kafka_client.h"

namespace tamroi::journal {
namespace {

constexpr int replicas_wanted = 3;
constexpr std::chrono::milliseconds between_looks{20};
// Within which every broker has heard of a topic that was made.
constexpr std::chrono::seconds spread_within{3};
constexpr const char* unbounded = "9223372036854775807";
constexpr const char* make_them = "Run `tamroi-server topics` to make it";

using Settings = std::map<std::string, std::string>;

struct Destroy {
  void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_ConfigResource_t* resource) const { rd_kafka_ConfigResource_destroy(resource); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
template <class Owned>
using Own = std::unique_ptr<Owned, Destroy>;

// A cluster as its administrator sees it.
class Administration {
 public:
  explicit Administration(const KafkaOptions& options)
      : options_(options), layout_(options.prefix, options.provinces), 
        client_(make_client(KafkaKind::Producer, options, {}, logging_to(options.log))), queue_(rd_kafka_queue_new(client_.get())) {
    look();
  }

  [[nodiscard]] std::vector<std::string> make();
  [[nodiscard]] std::vector<std::string> faults();
  void set();
  [[nodiscard]] bool is_set();
  // A broker hears of a new topic a little later than the one that made it.
  void wait_for_all();

 private:
  using Clock = std::chrono::steady_clock;
  void look();
  // Looks until each topic is found, or then.
  [[nodiscard]] bool found_all(Clock::time_point deadline);
  void wait_for_brokers();
  [[nodiscard]] int replicas() const;
  [[nodiscard]] int brokers_named() const { return static_cast<int>(std::ranges::count(options_.brokers, ',')) + 1; }
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] Settings wanted(const Layout::Topic& topic) const;
  [[nodiscard]] const rd_kafka_metadata_topic* found(const std::string& name) const;
  [[nodiscard]] std::map<std::string, Settings> settings_of(const std::vector<std::string>& names, bool own);
  [[nodiscard]] Own<rd_kafka_event_t> described(const std::vector<std::string>& names);
  [[nodiscard]] Own<rd_kafka_event_t> answer(rd_kafka_event_type_t type, const std::string& doing);
  [[nodiscard]] Own<rd_kafka_AdminOptions_t> patience(rd_kafka_admin_op_t operation);
  void compare(const Layout::Topic& topic, const Settings& are, std::vector<std::string>& faults) const;

  const KafkaOptions& options_;
  const Layout layout_;
  const KafkaClient client_;
  const KafkaQueue queue_;
  Own<const rd_kafka_metadata_t> metadata_;
  int brokers_ = 0;
};

void Administration::look() {
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto error = rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, static_cast<int>(options_.answer_within.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw unavailable(error, fmt::format("asking Kafka at {} for its topics", options_.brokers));
  metadata_.reset(metadata);
  brokers_ = metadata->broker_cnt;
}

std::vector<std::string> Administration::names() const {
  std::vector<std::string> names;
  for (const auto& topic : layout_.topics()) names.push_back(topic.name);
  return names;
}

// record.md, Streams.
Settings Administration::wanted(const Layout::Topic& topic) const {
  const bool bounded = options_.stamps_bounded && topic.stamped_by_gateways;
  return {
      {"cleanup.policy", "delete"},
      {"retention.ms", "-1"},
      {"retention.bytes", "-1"},
      {"min.insync.replicas", replicas() == 1 ? "1" : "2"},
      {"max.message.bytes", "2097152"},
      {"message.timestamp.type", "CreateTime"},
      {"message.timestamp.after.max.ms", bounded ? "1000" : unbounded},
      {"message.timestamp.before.max.ms", bounded ? "60000" : unbounded},
      {"unclean.leader.election.enable", "false"},
  };
}

const rd_kafka_metadata_topic* Administration::found(const std::string& name) const {
  const rd_kafka_metadata_topic_t* const end = metadata_->topics + metadata_->topic_cnt;
  const auto* const topic = std::find_if<const rd_kafka_metadata_topic_t*>(metadata_->topics, end, [&](const auto& each) { return each.topic == name; });
  return topic == end || topic->err != RD_KAFKA_RESP_ERR_NO_ERROR ? nullptr : topic;
}

Own<rd_kafka_AdminOptions_t> Administration::patience(rd_kafka_admin_op_t operation) {
  Own<rd_kafka_AdminOptions_t> options(rd_kafka_AdminOptions_new(client_.get(), operation));
  const auto milliseconds = static_cast<int>(options_.answer_within.count());
  rd_kafka_AdminOptions_set_request_timeout(options.get(), milliseconds, nullptr, 0);
  if (operation == RD_KAFKA_ADMIN_OP_CREATETOPICS) rd_kafka_AdminOptions_set_operation_timeout(options.get(), milliseconds, nullptr, 0);
  return options;
}

Own<rd_kafka_event_t> Administration::answer(rd_kafka_event_type_t type, const std::string& doing) {
  for (;;) {
    Own<rd_kafka_event_t> event(rd_kafka_queue_poll(queue_.get(), static_cast<int>(options_.answer_within.count() * 2)));
    if (!event) throw unavailable(RD_KAFKA_RESP_ERR__TIMED_OUT, doing);
    if (rd_kafka_event_type(event.get()) != type) continue;
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) throw unavailable(rd_kafka_event_error(event.get()), doing);
    return event;
  }
}

// With fewer than three brokers there is one of everything; but one of three that is away just now is not in the metadata.
int Administration::replicas() const {
  auto most = std::max(brokers_, brokers_named());
  for (const auto& topic : layout_.topics()) {
    const auto* is = found(topic.name);
    for (int i = 0; is != nullptr && i < is->partition_cnt; ++i) most = std::max(most, is->partitions[i].replica_cnt);
  }
  return most >= replicas_wanted ? replicas_wanted : 1;
}

void Administration::wait_for_brokers() {
  const auto deadline = Clock::now() + options_.answer_within;
  while (brokers_ < replicas()) {
    if (Clock::now() > deadline) {
      throw JournalUnavailable(std::make_error_code(std::errc::not_connected),
                               fmt::format("{} replicas of each topic are to be made, and {} brokers are there. Start the others first", replicas(), brokers_));
    }
    std::this_thread::sleep_for(between_looks);
    look();
  }
}

std::vector<std::string> Administration::make() {
  std::vector<Own<rd_kafka_NewTopic_t>> owned;
  std::vector<rd_kafka_NewTopic_t*> topics;
  std::vector<std::string> made;
  if (!std::ranges::all_of(layout_.topics(), [this](const auto& topic) { return found(topic.name) != nullptr; })) wait_for_brokers();
  for (const auto& topic : layout_.topics()) {
    if (found(topic.name) != nullptr) continue;
    owned.emplace_back(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, replicas(), nullptr, 0));
    for (const auto& [name, value] : wanted(topic)) rd_kafka_NewTopic_set_config(owned.back().get(), name.c_str(), value.c_str());
    topics.push_back(owned.back().get());
    made.push_back(fmt::format("{}: made, {} partitions, {} replicas", topic.name, topic.partitions, replicas()));
  }
  if (topics.empty()) return made;
  const auto options = patience(RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_CreateTopics(client_.get(), topics.data(), topics.size(), options.get(), queue_.get());
  const auto event = answer(RD_KAFKA_EVENT_CREATETOPICS_RESULT, "making topics");
  std::size_t count = 0;
  const auto* const* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const auto* why = rd_kafka_topic_result_error_string(results[i]);
    throw JournalUnavailable(code_of(error), fmt::format("The topic {} cannot be made: {}", rd_kafka_topic_result_name(results[i]),
                                                         why != nullptr ? why : rd_kafka_err2str(error)));
  }
  return made;
}

bool Administration::found_all(Clock::time_point deadline) {
  const auto is_found = [this](const auto& topic) { return found(topic.name) != nullptr; };
  while (!std::ranges::all_of(layout_.topics(), is_found)) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(between_looks);
    look();
  }
  return true;
}

void Administration::wait_for_all() {
  if (!found_all(Clock::now() + options_.answer_within)) throw unavailable(RD_KAFKA_RESP_ERR__TIMED_OUT, "waiting for topics that were made");
}

// Which broker answers is not to be chosen: one that has not heard of a topic yet, though another has, is asked again.
Own<rd_kafka_event_t> Administration::described(const std::vector<std::string>& names) {
  std::vector<Own<rd_kafka_ConfigResource_t>> owned;
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const auto& name : names) {
    owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    resources.push_back(owned.back().get());
  }
  const std::string doing = "asking Kafka for the settings of topics";
  const auto options = patience(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  const auto deadline = Clock::now() + spread_within;
  for (;;) {
    rd_kafka_DescribeConfigs(client_.get(), resources.data(), resources.size(), options.get(), queue_.get());
    auto event = answer(RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT, doing);
    std::size_t count = 0;
    const auto* const* results = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    const auto* const* const end = results + count;
    const auto* const* const failed = std::find_if(results, end, [](const auto* each) { return rd_kafka_ConfigResource_error(each) != RD_KAFKA_RESP_ERR_NO_ERROR; });
    if (failed == end) return event;
    const auto error = rd_kafka_ConfigResource_error(*failed);
    if (error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || Clock::now() > deadline) throw unavailable(error, doing);
    std::this_thread::sleep_for(between_looks);
  }
}

// `own`: those alone that were set on the topic itself.
std::map<std::string, Settings> Administration::settings_of(const std::vector<std::string>& names, bool own) {
  const auto event = described(names);
  std::map<std::string, Settings> settings;
  std::size_t count = 0;
  const auto* const* results = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t entries = 0;
    const auto* const* each = rd_kafka_ConfigResource_configs(results[i], &entries);
    for (std::size_t j = 0; j < entries; ++j) {
      if (own && rd_kafka_ConfigEntry_source(each[j]) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG) continue;
      const auto* value = rd_kafka_ConfigEntry_value(each[j]);
      settings[rd_kafka_ConfigResource_name(results[i])][rd_kafka_ConfigEntry_name(each[j])] = value != nullptr ? value : "";
    }
  }
  return settings;
}

std::vector<std::string> Administration::faults() {
  static_cast<void>(found_all(Clock::now() + spread_within));
  std::vector<std::string> faults;
  std::vector<std::string> there;
  for (const auto& topic : layout_.topics()) {
    const auto* is = found(topic.name);
    if (is == nullptr) {
      faults.push_back(fmt::format("{}: there is no such topic. {}; if it was there before, its records are lost: restore the cluster, or copy "
                                   "the journal into new topics", topic.name, make_them));
      continue;
    }
    there.push_back(topic.name);
    if (is->partition_cnt != topic.partitions) {
      faults.push_back(fmt::format("{}: it has {} partitions, and must have {}: one a province, in the order of the table. {}", topic.name, is->partition_cnt,
                                   topic.partitions, is->partition_cnt < topic.partitions ? "Add what is missing with Kafka's own tool (kafka-topics --alter)"
                                                                                          : "This program is older than the topic, or the topic is not Tamroi's"));
    }
    for (int i = 0; i < is->partition_cnt; ++i) {
      if (is->partitions[i].replica_cnt >= replicas()) continue;
      faults.push_back(fmt::format("{}: partition {} has {} replicas, and must have {}. Reassign it with Kafka's own tool", topic.name, i,
                                   is->partitions[i].replica_cnt, replicas()));
      break;
    }
  }
  if (there.empty()) return faults;
  const auto settings = settings_of(there, false);
  for (const auto& topic : layout_.topics()) {
    if (settings.contains(topic.name)) compare(topic, settings.at(topic.name), faults);
  }
  return faults;
}

bool Administration::is_set() {
  const auto settings = settings_of(names(), false);
  std::vector<std::string> faults;
  for (const auto& topic : layout_.topics()) compare(topic, settings.at(topic.name), faults);
  return faults.empty();
}

void Administration::compare(const Layout::Topic& topic, const Settings& are, std::vector<std::string>& faults) const {
  for (const auto& [name, value] : wanted(topic)) {
    const auto is = are.find(name);
    if (is != are.end() && is->second == value) continue;
    faults.push_back(fmt::format("{}: {} is {}, and must be {}. Set it with Kafka's own tool (kafka-configs --alter)", topic.name, name,
                                 is == are.end() ? "not known" : is->second, value));
  }
}

// Kafka sets all of a topic at once, so what else was set on it is set again.
void Administration::set() {
  auto settings = settings_of(names(), true);
  std::vector<Own<rd_kafka_ConfigResource_t>> owned;
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const auto& topic : layout_.topics()) {
    auto& all = settings[topic.name];
    for (const auto& [name, value] : wanted(topic)) all[name] = value;
    owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.name.c_str()));
    for (const auto& [name, value] : all) rd_kafka_ConfigResource_set_config(owned.back().get(), name.c_str(), value.c_str());
    resources.push_back(owned.back().get());
  }
  const std::string doing = "setting the topics";
  const auto options = patience(RD_KAFKA_ADMIN_OP_ALTERCONFIGS);
  rd_kafka_AlterConfigs(client_.get(), resources.data(), resources.size(), options.get(), queue_.get());
  const auto event = answer(RD_KAFKA_EVENT_ALTERCONFIGS_RESULT, doing);
  std::size_t count = 0;
  const auto* const* results = rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    if (rd_kafka_ConfigResource_error(results[i]) != RD_KAFKA_RESP_ERR_NO_ERROR) throw unavailable(rd_kafka_ConfigResource_error(results[i]), doing);
  }
}

}  // namespace

std::vector<std::string> create_topics(const KafkaOptions& options) {
  Administration administration(options);
  auto made = administration.make();
  administration.wait_for_all();
  return made;
}

std::vector<std::string> faults_of_topics(const KafkaOptions& options) { return Administration(options).faults(); }

void set_topics(const KafkaOptions& options) {
  Administration administration(options);
  administration.set();
  // A broker says what was set a moment later than it takes it; what is wrong besides is not settled here.
  const auto deadline = std::chrono::steady_clock::now() + options.answer_within;
  while (!administration.is_set() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(between_looks);
}

}  // namespace tamroi::journal
