// tamroi-topics: what somebody does to a cluster behind the server's back.
//
//   tamroi-topics BROKERS delete TOPIC...
//   tamroi-topics BROKERS set TOPIC SETTING VALUE
//   tamroi-topics BROKERS partitions TOPIC COUNT              adds what is missing to so many
//   tamroi-topics BROKERS delete-before TOPIC PARTITION OFFSET
//   tamroi-topics BROKERS append TOPIC PARTITION              the standard input as one message
#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "contract/kafka_hand.h"

namespace {

using Words = std::vector<std::string>;

bool change(const Words& words) {
  const auto& what = words.at(1);
  tamroi::journal::KafkaOptions options;
  options.brokers = words.front();
  tamroi::contract::KafkaHand hand(options);
  if (what == "delete") {
    for (std::size_t each = 2; each < words.size(); ++each) hand.remove(words[each]);
  } else if (what == "set") {
    hand.set(words.at(2), words.at(3), words.at(4));
  } else if (what == "partitions") {
    hand.add_partitions(words.at(2), std::stoul(words.at(3)));
  } else if (what == "delete-before") {
    hand.delete_before(words.at(2), std::stoi(words.at(3)), std::stoll(words.at(4)));
  } else if (what == "append") {
    hand.append(words.at(2), std::stoi(words.at(3)), std::string(std::istreambuf_iterator<char>(std::cin), {}));
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count > 3 && change(Words(arguments + 1, arguments + count))) return 0;
    std::fputs("tamroi-topics BROKERS delete|set|partitions|delete-before|append TOPIC ...\n", stderr);
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
