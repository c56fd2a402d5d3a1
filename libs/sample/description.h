#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "catalogue/bundle.h"
#include "sample/template.h"

namespace tamroi::sample {

// What a simulated history consists of: how many there are of each kind of entity, who sends what, when and how often,
// how diligent they are, and which mistakes they make. Read from YAML (README.md of schemas/sample), so that no word of
// a letter stands in the code. Indexes point into the vectors of Description; `none` marks an absent one.

// What is drawn once for a member of a kind, and told by several of its facts.
struct Trait {
  std::string name = {};
  Template value = {};
};

// A kind of entity; its members belong to districts.
struct Kind {
  std::string name = {};
  std::uint64_t country = 0;  // so many in the whole country at scale 1
  std::uint64_t least = 0;    // so many in each district at least, at any scale
  std::vector<Piece> named = {};
  std::vector<Trait> traits = {};
};

// When somebody sits down to send: on a day or weekday, or within days, between two times of the day in minutes.
struct Appointment {
  enum class On : std::uint8_t { MonthDays, Weekday, Date };
  On on = On::MonthDays;
  std::int32_t first = 0;  // day of the month, or weekday from 1 (Monday), or days since 1970-01-01
  std::int32_t last = 0;
  std::int32_t from = 0;
  std::int32_t to = 0;
};
struct Calendar {
  std::string name = {};
  std::vector<Appointment> appointments = {};
};

struct SettingValue {
  Index setting = none;
  Range value = {};
};
struct Setting {
  std::string name = {};
  Range value = {};       // where nobody says otherwise
  bool share = false;
};

// How units of one level go about it.
struct Class {
  std::string name = {};
  catalogue::Level level = catalogue::Level::District;
  std::uint32_t weight = 0;
  Index calendar = none;
  std::vector<Piece> as = {};                // whose account sends
  std::vector<SettingValue> settings = {};
  std::vector<SettingValue> below = {};      // of the province's districts, where their own class does not say
  std::vector<std::uint32_t> districts = {}; // weights of the classes of a province's districts; empty: their own
};

// What is said of one unit by its code.
struct Known {
  std::string unit = {};
  Index chosen = none;  // its class
  std::vector<SettingValue> settings = {};
  std::vector<SettingValue> below = {};
  std::vector<std::pair<Index, std::uint64_t>> counts = {};  // of kinds in a province, at scale 1
};

// A fact recorded earlier that is changed later.
struct Amendment {
  Quantity share = {};
  Quantity days = {};                     // after it was sent
  std::vector<std::string> changes = {};  // members of its values that are drawn anew; of a withdrawal none
};

// Facts of one type: of whom, how often, when.
struct Rule {
  enum class Per : std::uint8_t { Once, Month, Week };
  std::string name = {};
  std::string type = {};
  catalogue::Level by = catalogue::Level::District;
  std::vector<Index> kinds = {};         // for each member of these kinds; registers them where `registers`
  std::vector<std::string> words = {};   // or for each of these
  bool each_district = false;       // or, of a province, for each of its districts
  bool registers = false;
  Per per = Per::Once;
  base::Date from{};                // all that occurs outside from..to is left out
  base::Date to{};
  Index after = none;               // days after that rule's first fact of the same member
  Index since = none;               // left out before that rule's first fact of the same member
  Quantity days = {};                    // of the month, of the week, or after; of Once: none
  Quantity share{{whole, whole}, none};  // of the members, or of the pairs of member and period: for exactly so many
  Quantity times{{1, 1}, none};
  Quantity otherwise = {};               // times for the rest
  Quantity late = {};                    // share of the facts that are sent later
  Quantity late_days = {};
  Template values = {};
  Amendment corrected = {};
  Amendment withdrawn = {};
};

struct Mistake {
  std::uint32_t weight = 1;
  std::int64_t versions = 0;    // added to the version that it expects
  std::string type = {};             // of an entry that is wrong; empty: none
  std::int32_t days_ahead = 0;  // of its date
  Template values = {};
};

// A control record, once or for each month.
struct Control {
  base::Instant at = {};                      // once
  bool each_month = false;
  std::int32_t days_after = 0;           // the month's end
  std::int32_t minutes = 0;              // time of the day
  bool closes = false;                   // facts of the month are late from then on
  std::string as = {};
  Template body = {};
};

// How submissions are made of facts; shares are of the submissions.
struct Sending {
  Quantity entries{{50, 50}, none};
  Quantity expects = {};    // say which version they expect
  Quantity repeated = {};   // are sent again as they are
  Quantity mistaken = {};   // are sent with a mistake first
  std::int32_t minutes = 15;  // times are whole multiples of it
  Template late_reason = {};
  Template change_reason = {};
  std::optional<Template> letter = {};  // that comes with a reason
};

struct Month {
  std::string name = {};  // "2022-06"
  base::Date first{};
  base::Date last{};
};

struct Description {
  std::string round = {};
  base::Date first_day{};
  base::Date last_day{};
  std::vector<Month> months = {};
  std::vector<Setting> settings = {};
  std::vector<Kind> kinds = {};
  std::vector<Calendar> calendars = {};
  std::vector<Class> classes = {};
  std::vector<Known> known = {};
  std::vector<Rule> rules = {};
  std::vector<Mistake> mistakes = {};
  std::vector<Control> controls = {};
  Sending sending;
};

// The description, or everything that is wrong with it.
struct Described {
  std::shared_ptr<const Description> description;  // null where there is an error
  std::vector<catalogue::Finding> findings = {};
};

[[nodiscard]] Described read_description(const std::string& file, std::string_view text);

}  // namespace tamroi::sample
