#include "cli/delivery.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {
namespace {

constexpr std::size_t lines_min = 10;
constexpr std::size_t lines_max = 10'000;
constexpr std::chrono::milliseconds quick{250};
constexpr std::chrono::milliseconds slow{1000};

// Each line of the answer as the reply to a single request; nothing where they are not as many as were sent.
std::optional<std::vector<Reply>> replies_of(std::string_view body, std::size_t count) {
  std::vector<Reply> replies;
  while (!body.empty()) {
    const auto end = std::min(body.find('\n'), body.size());
    const auto line = parse_object(body.substr(0, end));
    const auto status = line ? integer_at(*line, "status") : std::nullopt;
    if (!status || *status < 100 || *status > 999) return std::nullopt;
    replies.push_back({static_cast<unsigned>(*status), std::string(body.substr(0, end)), {}});
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return replies.size() == count ? std::optional(std::move(replies)) : std::nullopt;
}

Delivered send_together(Patience& patience, std::span<const FoundSubmission> submissions) {
  std::string body;
  for (const auto& submission : submissions) {
    body += submission.body;
    body += '\n';
  }
  auto reply = patience.send_lines(body);
  if (reply.status == 413 && submissions.size() > 1) {
    const auto half = submissions.size() / 2;
    auto first = deliver(patience, submissions.first(half));
    if (first.refused_together) return first;
    auto second = deliver(patience, submissions.subspan(half));
    std::ranges::move(second.replies, std::back_inserter(first.replies));
    return {std::move(first.replies), second.refused_together};
  }
  auto replies = reply.status == 200 ? replies_of(reply.body, submissions.size()) : std::nullopt;
  if (!replies) {
    if (reply.status == 200) reply.body.clear();  // which says nothing about these
    return {{std::move(reply)}, true};
  }
  return {std::move(*replies), false};
}

}  // namespace

Delivered deliver(Patience& patience, std::span<const FoundSubmission> submissions) {
  if (submissions.size() == 1) return {{patience.send(submissions_route, submissions.front().posted())}, false};
  auto delivered = send_together(patience, submissions);
  if (delivered.refused_together) return delivered;
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    auto& reply = delivered.replies[i];
    const auto posted = submissions[i].posted();
    if (is_busy(reply)) reply = patience.send(submissions_route, posted);
    if (reply.status == 202) reply = patience.outcome(submissions_route, posted, reply);
  }
  return delivered;
}

void BatchSize::took(std::size_t lines, std::chrono::milliseconds time) {
  if (time < quick && lines >= lines_) lines_ = std::min(2 * lines_, lines_max);
  if (time > slow) lines_ = std::max(lines_ / 2, lines_min);
}

}  // namespace tamroi::cli
