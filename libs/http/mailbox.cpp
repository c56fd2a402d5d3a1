#include "http/mailbox.h"

#include "http/handler.h"

#include "base/check.h"

#include <utility>

namespace tamroi::http {

Mailbox::Mailbox(std::function<void(Mails)> wake, std::size_t stream_bytes_max)
    : wake_(std::move(wake)), stream_bytes_max_(stream_bytes_max) {}

void Mailbox::wake(Mails what) {
  if (wake_) wake_(what);
}

void Mailbox::put_answer(Response response) {
  const std::lock_guard lock(mutex_);
  if (answered_) return;
  answered_ = true;
  answer_ = std::move(response);
  wake(Mails::Answer);
}

void Mailbox::open_stream(Response head) {
  const std::lock_guard lock(mutex_);
  CHECK(!answered_);
  answered_ = true;
  streaming_ = true;
  answer_ = std::move(head);
  wake(Mails::Answer);
}

bool Mailbox::append(SharedBytes bytes) {
  const std::lock_guard lock(mutex_);
  if (!wake_ || ended_) return false;
  const bool waking = !parts_.empty();
  if (waiting_bytes_ + bytes->size() > stream_bytes_max_) {
    // A cut stream is resumed by its client; one with a hole would not be.
    ended_ = true;
  } else if (!bytes->empty()) {
    waiting_bytes_ += bytes->size();
    parts_.push_back(std::move(bytes));
  }
  if (!waking) wake(Mails::Part);
  return !ended_;
}

void Mailbox::end_stream() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  wake(Mails::Answer);
}

std::size_t Mailbox::waiting_bytes() {
  const std::lock_guard lock(mutex_);
  return waiting_bytes_;
}

bool Mailbox::is_open() {
  const std::lock_guard lock(mutex_);
  return wake_ && !ended_;
}

Mailbox::Mail Mailbox::take() {
  const std::lock_guard lock(mutex_);
  end_taken_ = ended_;
  waiting_bytes_ = 0;
  return {.answer = std::exchange(answer_, std::nullopt),
          .streaming = streaming_,
          .ended = ended_,
          .parts = std::exchange(parts_, {})};
}

bool Mailbox::has_mail() {
  const std::lock_guard lock(mutex_);
  return answer_.has_value() || !parts_.empty() || (ended_ && !end_taken_);
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
}

Responder::Responder(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}

Responder::~Responder() {
  if (mailbox_) mailbox_->put_answer(later(503, base::Code::Unavailable, "The request was dropped.", 1));
}

void Responder::operator()(Response response) {
  CHECK(mailbox_ != nullptr);
  std::exchange(mailbox_, nullptr)->put_answer(std::move(response));
}

Stream Responder::stream(Response head) {
  CHECK(mailbox_ != nullptr);
  mailbox_->open_stream(std::move(head));
  return Stream(std::exchange(mailbox_, nullptr));
}

Stream::Stream(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}

Stream::~Stream() {
  if (mailbox_) mailbox_->end_stream();
}

std::size_t Stream::waiting_bytes() const { return mailbox_ ? mailbox_->waiting_bytes() : 0; }

bool Stream::open() const { return mailbox_ && mailbox_->is_open(); }

bool Stream::send(std::string_view bytes) { return send(std::make_shared<const std::string>(bytes)); }

bool Stream::send(std::shared_ptr<const std::string> bytes) { return mailbox_ && mailbox_->append(std::move(bytes)); }

}  // namespace tamroi::http
