#include "readmodel/switched_read_model.h"

namespace tamroi::readmodel {
namespace {

// A stream's model with the read model that it is of.
class KeptStream final : public StreamModel {
 public:
  KeptStream(std::shared_ptr<ReadModel> of, std::unique_ptr<StreamModel> model) : of_(std::move(of)), model_(std::move(model)) {}

  event::Offset load(reporting::ProvinceFold& fold) override { return model_->load(fold); }
  void commit(reporting::ProvinceFold& fold, std::span<const Step> steps) override { model_->commit(fold, steps); }
  void forget() override { model_->forget(); }
  void insert(const scoring::LatestCell& cell, const scoring::Latest& fact) override { model_->insert(cell, fact); }
  void erase(const scoring::LatestCell& cell, const scoring::Latest& fact) override { model_->erase(cell, fact); }
  scoring::Latest newest(const scoring::LatestCell& cell) override { return model_->newest(cell); }
  void clear(const std::string& round) override { model_->clear(round); }
  void prefetch(const std::string& round, std::span<const base::Uuid> ids) override { model_->prefetch(round, ids); }
  std::optional<reporting::FactVersion> fact(const std::string& round, const base::Uuid& id) override { return model_->fact(round, id); }
  void put(const std::string& round, const reporting::FactVersion& version) override { model_->put(round, version); }
  void for_each_live(const std::string& round, const std::function<void(const reporting::FactVersion&)>& visit) override {
    model_->for_each_live(round, visit);
  }
  std::optional<event::Offset> first_of(const base::Uuid& id) override { return model_->first_of(id); }
  void put_first(const base::Uuid& id, event::Offset offset) override { model_->put_first(id, offset); }
  std::string body(event::Offset offset) override { return model_->body(offset); }

 private:
  const std::shared_ptr<ReadModel> of_;
  const std::unique_ptr<StreamModel> model_;
};

}  // namespace

void SwitchedReadModel::use(std::unique_ptr<ReadModel> other) {
  ++*open_;
  std::shared_ptr<ReadModel> next(other.release(), [open = open_](ReadModel* model) {
    delete model;
    --*open;
    open->notify_all();
  });
  const std::scoped_lock lock(mutex_);
  used_.swap(next);
}

void SwitchedReadModel::wait_for_one() const { wait_for(1); }

void SwitchedReadModel::close() {
  {
    std::shared_ptr<ReadModel> none;
    const std::scoped_lock lock(mutex_);
    used_.swap(none);
  }
  wait_for(0);
}

void SwitchedReadModel::wait_for(int most) const {
  for (int open = *open_; open > most; open = *open_) open_->wait(open);
}

std::shared_ptr<ReadModel> SwitchedReadModel::used() const {
  const std::scoped_lock lock(mutex_);
  if (used_ != nullptr) return used_;
  throw ReadModelUnavailable(std::make_error_code(std::errc::resource_unavailable_try_again), "the read model is being opened again");
}

std::unique_ptr<StreamModel> SwitchedReadModel::stream(event::Stream stream, std::function<std::string(event::Offset)> body) {
  auto of = used();
  auto model = of->stream(stream, std::move(body));
  return std::make_unique<KeptStream>(std::move(of), std::move(model));
}

}  // namespace tamroi::readmodel
