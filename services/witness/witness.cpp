#include "witness/witness.h"

#include <fmt/format.h>

namespace tamroi::witness {
namespace {

using audit::NotWitnessed;

constexpr auto plain_text = "text/plain; charset=utf-8";

http::Response refusal(const NotWitnessed& refused, audit::Size seen) {
  using enum NotWitnessed::Why;
  const auto said = [&](int status) { return http::Response{status, plain_text, refused.text + "\n", {}}; };
  switch (refused.why) {
    case Malformed: return said(400);
    case UnknownLog: return said(404);
    case BadSignature: return said(403);
    case BadProof: return said(422);
    case Stale:
    case Fork: break;
  }
  return {409, "text/x.tlog.size", fmt::format("{}\n", seen), {}};
}

http::Admission accepted(std::uint64_t body_bytes_max, std::string_view route) {
  http::Admission admission{http::Accept{body_bytes_max}};
  admission.route = route;
  return admission;
}

}  // namespace

Witness::Witness(audit::Signer key, std::vector<audit::Verifier> logs, Heads& heads, std::function<base::Instant()> now, telemetry::Log& log)
    : key_(std::move(key)), logs_(std::move(logs)), heads_(heads), now_(std::move(now)), log_(log) {
  for (const auto& known : logs_) heads_.load(known, key_.verifier());
}

http::Response Witness::add(std::string_view body) {
  const auto request = audit::parse_add_checkpoint(body);
  if (!request) return refusal({NotWitnessed::Why::Malformed, request.error()}, 0);
  auto opened = audit::open_for_witness(*request, logs_);
  if (!opened) return refusal(opened.error(), 0);
  const std::scoped_lock lock(mutex_);
  const auto& checkpoint = opened->checkpoint;
  const auto seen = heads_.seen(checkpoint.origin);
  const bool contradicts = checkpoint.size == seen.size && checkpoint.root != seen.root;
  if (contradicts) {
    heads_.keep_evidence(checkpoint.origin, request->checkpoint);
    log_.error("a log has two trees of one size", {{"origin", checkpoint.origin}, {"size", checkpoint.size}});
  }
  if (const auto refused = audit::objection(*request, checkpoint, seen)) {
    log_.warning("not cosigned", {{"origin", checkpoint.origin}, {"size", checkpoint.size}, {"why", refused->text}});
    return refusal(*refused, seen.size);
  }
  // Nothing of what others signed is shown: the log's own signature, and this one.
  audit::SignedCheckpoint shown{checkpoint, {opened->note.text, {}}};
  for (const auto& signature : opened->note.signatures) {
    for (const auto& known : logs_) {
      if (known.name() == checkpoint.origin && known.is_named_by(signature)) shown.note.signatures = {signature};
    }
  }
  const auto cosignature = key_.cosign(opened->note.text, now_());
  shown.note.signatures.push_back(cosignature);
  heads_.put(shown);
  log_.info("cosigned", {{"origin", checkpoint.origin}, {"size", checkpoint.size}});
  return {200, plain_text, audit::to_string(cosignature) + "\n", {}};
}

http::Response Witness::checkpoint(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  auto note = heads_.shown(name);
  if (!note) return {404, plain_text, "no checkpoint of this log was seen\n", {}};
  return {200, plain_text, std::move(*note), {}};
}

WitnessHandler::WitnessHandler(Witness& witness, telemetry::Log& log)
    : witness_(witness), log_(log), worker_([this](const std::stop_token& stop) { work(stop); }) {}

http::Admission WitnessHandler::admit(const http::Request& head) {
  const auto& path = head.segments;
  if (path.size() == 1 && path[0] == "add-checkpoint") {
    if (head.method == "POST") return accepted(Witness::body_bytes_max, "/add-checkpoint");
    return http::Response{405, plain_text, "only POST\n", {{"Allow", "POST"}}};
  }
  if (path.size() == 2 && path[1] == "checkpoint") {
    if (head.method == "GET") return accepted(0, "/{log}/checkpoint");
    return http::Response{405, plain_text, "only GET\n", {{"Allow", "GET"}}};
  }
  return http::Response{404, plain_text, "there is no such page\n", {}};
}

void WitnessHandler::answer(http::Request request, http::Responder respond) {
  std::function<http::Response()> reply;
  if (request.method == "GET") {
    reply = [this, name = request.segments[0]] { return witness_.checkpoint(name); };
  } else {
    reply = [this, body = std::move(request.body)] { return witness_.add(body); };
  }
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= waiting_max) return respond(http::later(503, base::Code::Unavailable, "Too many requests wait for this witness.", 1));
    waiting_.emplace_back(std::move(reply), std::move(respond));
  }
  changed_.notify_one();
}

void WitnessHandler::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
    auto [reply, respond] = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      respond(reply());
    } catch (const std::exception& failure) {
      log_.error("a head could not be stored", {{"why", failure.what()}});
      respond(http::later(503, base::Code::Unavailable, "The witness cannot store what it sees.", 10));
    }
    lock.lock();
  }
}

}  // namespace tamroi::witness
