#include "simulation/mangler.h"

namespace tamroi::simulation {

namespace json = boost::json;

void Mangler::gather(json::value& value) {
  values_.push_back(&value);
  if (auto* object = value.if_object()) {
    for (auto& member : *object) {
      names_.emplace_back(member.key());
      gather(member.value());
    }
  } else if (auto* array = value.if_array()) {
    for (auto& element : *array) gather(element);
  }
}

std::string Mangler::some_name() {
  static const std::vector<std::string> odd{"", "~", "/", "a/b~c", "0", "ชื่อ", "constructor"};
  return chance_.percent(80) ? chance_.of(names_) : chance_.of(odd);
}

json::value Mangler::anything(std::size_t depth) {
  static const std::vector<json::value> plain{
      nullptr, true, false,        0,   -1,     1,   5,          1.5,  9007199254740993, 1e300,      "",
      " ",     "x",  "2022-06-01", "๓", "true", "5", "https://", "\n", "record",         "withdraw", "correct"};
  const auto lot = chance_.below(10);
  if (lot < 5 || depth > 3) return chance_.of(plain);
  if (lot < 7) return *chance_.of(values_);
  if (lot < 8) return json::array{anything(depth + 1), anything(depth + 1)};
  json::object made;
  for (auto members = chance_.below(3); members > 0; --members) made[some_name()] = anything(depth + 1);
  return made;
}

void Mangler::change() {
  auto& value = *chance_.of(values_);
  auto* object = value.if_object();
  auto* array = value.if_array();
  if (object != nullptr && chance_.percent(60)) {
    if (!object->empty() && chance_.percent(40)) {
      object->erase(std::next(object->begin(), static_cast<std::ptrdiff_t>(chance_.below(object->size()))));
    } else {
      (*object)[some_name()] = anything(0);
    }
  } else if (array != nullptr && chance_.percent(60)) {
    if (!array->empty() && chance_.percent(40)) {
      array->erase(std::next(array->begin(), static_cast<std::ptrdiff_t>(chance_.below(array->size()))));
    } else {
      array->push_back(anything(0));
    }
  } else {
    value = anything(0);
  }
}

std::string Mangler::mangled(const json::object& body) {
  json::value changed = body;
  for (auto changes = 1 + chance_.below(3); changes > 0; --changes) {
    values_.clear();
    names_.clear();
    gather(changed);
    names_.emplace_back("id");
    change();
  }
  auto text = json::serialize(changed);
  if (chance_.percent(10) && !text.empty()) text[chance_.below(text.size())] = static_cast<char>(chance_.below(256));
  if (chance_.percent(3)) text.resize(chance_.below(text.size() + 1));
  return text;
}

}  // namespace tamroi::simulation
