#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/read.h"
#include "sample/description.h"

namespace tamroi::sample {

// A description in the making.
class Drafting {
 public:
  Drafting(catalogue::Reporter& reporter, Description& description) : reporter_(reporter), description_(description) {}

  void read(const catalogue::Value& file);

 private:
  using Value = catalogue::Value;

  // read_description.cpp
  void read_settings(const Value* value);
  void read_shapes(const Value* value);
  void read_kinds(const Value* value);
  void read_sending(const Value* value);
  void read_mistakes(const Value* value);
  void read_controls(const Value* value);
  [[nodiscard]] Control read_control(const Value& value);

  // read_classes.cpp
  void read_calendars(const Value* value);
  [[nodiscard]] Appointment read_appointment(const Value& value);
  void read_classes(const Value* value);
  void read_class(const Value& value, catalogue::Level level);
  void read_known(const Value* value);
  [[nodiscard]] std::vector<SettingValue> read_setting_values(const Value* value);
  [[nodiscard]] Index read_class_name(const Value* value, catalogue::Level level);

  // read_rules.cpp
  void read_rules(const Value* value);
  void read_rule(const Value& value);
  void read_members(const Value& value, const catalogue::Members& members, Rule& rule);
  void read_when(const catalogue::Members& members, Rule& rule);
  [[nodiscard]] Amendment read_amendment(const Value* value);
  [[nodiscard]] Index read_rule_name(const Value* value);
  void check_rules();

  // read_templates.cpp; the kinds whose traits a template may tell, all of which must have them.
  [[nodiscard]] Template read_template(const Value& value, const std::vector<Index>& kinds);
  [[nodiscard]] Template read_draw(const Value& value, const std::vector<Index>& kinds);
  [[nodiscard]] Template read_object(const Value& value, const std::vector<Index>& kinds);
  [[nodiscard]] Template read_choice(const Value& value, const std::vector<Index>& kinds);
  [[nodiscard]] Template read_branches(const Value& value, Template::Kind kind, const std::vector<Index>& kinds);
  [[nodiscard]] Template read_money(const Value& value, const std::vector<Index>& kinds);
  [[nodiscard]] Index read_trait(const Value* value, const std::vector<Index>& kinds);
  void check_trait(const Template& what, const std::vector<Index>& kinds, std::size_t line);
  [[nodiscard]] std::vector<Piece> read_pieces(std::string_view text, std::size_t line);

  // Numbers; 0 where they are wrong, which was reported.
  [[nodiscard]] Quantity read_quantity(const Value* value, bool share, Quantity otherwise);
  [[nodiscard]] Range read_range(const Value& value, bool& share);
  [[nodiscard]] std::int32_t read_minutes(const Value* value);
  [[nodiscard]] std::int64_t read_number(const Value* value, std::int64_t minimum, std::int64_t maximum,
                                         std::int64_t otherwise);

  catalogue::Reporter& reporter_;
  Description& description_;
  std::map<std::string, const Value*, std::less<>> shapes_;
  std::size_t shapes_open_ = 0;  // within one another
  std::vector<std::size_t> rule_lines_;
};

}  // namespace tamroi::sample
