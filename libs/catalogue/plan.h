#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ratio.h"
#include "base/sha256.h"
#include "base/time.h"
#include "catalogue/units.h"

namespace tamroi::catalogue {

// A compiled catalogue: everything that the fold looks up, by small integers. Immutable.
// Indexes point into the vectors of Plan; `none` marks an absent one.
using Index = std::uint32_t;
inline constexpr Index none = 0xFFFFFFFF;

struct Text {
  std::string th;
  std::string en;
};

// A closed list of words that choice fields use; at most 64.
struct Vocabulary {
  std::string name;
  std::vector<std::string> words;
};

// A kind of entity that facts register and use, e.g. one with its members named h-0001.
struct Register {
  std::string name;
  Text label;   // singular
  Text plural;
};

enum class FieldKind : std::uint8_t {
  Entity, Choice, Integer, Money, Text, Url, Document, Boolean, Unit, Indicator, Requirement
};

// One member of a fact's values. Numbers of decoded values: a choice's index, a boolean 0 or 1, money in
// satang, an indicator's number, a unit's index in Units; a set is a mask of choice indexes or of the integers.
struct Field {
  std::string name;
  FieldKind kind = FieldKind::Text;
  bool set = false;        // of choices, or of integers 0 to 63
  bool optional = false;
  Index vocabulary = none; // Choice
  Index entity_register = none;  // Entity
  std::int64_t minimum = 0;      // Integer and Money, inclusive; money in satang
  std::int64_t maximum = 9'007'199'254'740'991;
  std::vector<std::int64_t> allowed;  // Indicator: the numbers; empty for others
  bool pages_required = false;        // Document
  std::uint64_t pages_max = 9'007'199'254'740'991;
  Index of_field = none;   // Requirement: the field that holds the indicator
};

// A test on the decoded values and the date of one fact.
struct Condition {
  enum class Op : std::uint8_t { Equals, HasAll, Present, OccurredWithin };
  Op op = Op::Equals;
  Index field = none;
  std::int64_t number = 0;      // Equals; a requirement's index in Plan::requirement_words for a Requirement field
  std::uint64_t mask = 0;       // HasAll
  base::Date from{};            // OccurredWithin, both inclusive
  base::Date to{};
};
using Where = std::vector<Condition>;  // all must hold

// `field` is required where `by` has `number`, and unknown_field elsewhere.
struct RequiredWith {
  Index field;
  Index by;
  std::int64_t number;
};
// The first must not be above the second (bad_value at the first).
struct NotAbove {
  Index field;
  Index limit;
};
// When occurred_on is fixed otherwise than by the round: from..to, where `by` (if any) has `number`.
struct DateRule {
  Index by = none;
  std::int64_t number = 0;
  base::Date from{};
  base::Date to{};
};

struct FactType {
  std::string name;
  Text label;
  bool by_district = false;
  bool by_province = false;
  std::vector<Field> fields;
  Index registers = none;                       // the field whose entity it registers
  std::vector<std::vector<Index>> one_at_least; // of these fields; missing_field at /values
  std::vector<RequiredWith> required_with;
  std::vector<NotAbove> not_above;
  std::vector<DateRule> dates;                  // empty: the whole round
  std::vector<Index> feeds;                     // terms (Plan::terms) that count facts of this type
};

// ---- measures -------------------------------------------------------------------------------------------

// What is kept for each cell of a measure's domain: how the facts that belong to the cell add up.
struct Term {
  enum class Kind : std::uint8_t { Count, Distinct, Sum, Latest };
  Kind kind = Kind::Count;
  Index measure = none;        // whose cells
  Index fact = none;           // fact type
  Index field = none;          // Distinct (a choice, set, integer, entity or text field), Sum, Latest (number-valued)
  bool elements = false;       // Distinct over the elements of a set field
  Where where;
  Index entity_field = none;   // the field that names the cell's entity, where the domain has a register
  Index choice_field = none;   // the field that names the cell's word, where the domain has a vocabulary
  bool from_parent = false;    // a province's own facts count for each of its districts too, never upward again
  Where parent_where;          // and which of them
  Index slot = none;           // position among the measure's terms of the same kind
};

// A test on the accumulators of one cell.
struct Having {
  enum class Op : std::uint8_t { All, Any, AtLeast, LatestIn };
  Op op = Op::All;
  std::vector<Having> of;        // All, Any; an empty All holds
  Index term = none;             // AtLeast, LatestIn
  std::int64_t number = 0;       // AtLeast
  std::vector<std::int64_t> numbers;  // LatestIn
};

enum class PeriodKind : std::uint8_t { None, Month, IsoWeek };

// What a measure counts over: one cell, the members of a register, the words of a choice, the districts,
// closed periods, or a product of two of these.
struct Domain {
  Index entity_register = none;
  Index vocabulary = none;
  bool districts = false;
  PeriodKind period = PeriodKind::None;
  Where registered_where;             // on the registering fact
  bool registered_by_first_day = false;  // of the period
  Having base;                        // which members are in it
  // A member belongs to one district, so that a province's figure is the sum of its districts'. Elsewhere a
  // province keeps cells of its own, which facts of all its units feed.
  [[nodiscard]] bool additive() const { return entity_register != none || districts; }
};

struct Measure {
  enum class Kind : std::uint8_t {
    Facts,     // Count term over the single cell: how many facts
    Distinct,  // how many different values
    Sum,
    Latest,    // the value of the latest fact; undefined without one
    Members,   // how many members of the domain satisfy `having`
    Share,     // members satisfying `having` over all members of the domain
    Growth,    // (sum of latest `to` - sum of latest `from`) / sum of latest `from` over a register
  };
  std::string name;            // of a hidden one: made by the compiler, unique
  Text label;
  bool hidden = false;         // made for an evidence requirement
  Kind kind = Kind::Facts;
  Index indicator = none;
  Domain domain;
  Having having;
  std::vector<Index> terms;    // Plan::terms; Growth: from, to
  bool every_member = true;    // Growth: defined only when every member has both
  // Whether regions and the ministry add it up: shares do (where defined), counts of distinct things are not given.
  bool adds_up = false;
};

// ---- criteria -------------------------------------------------------------------------------------------

struct Band {
  std::uint64_t first = 0;  // inclusive
  std::uint64_t last = 0;   // inclusive; UINT64_MAX: open
  base::Ratio value;        // a number (denominator 1) or a share
};
struct BandTable {
  std::string name;
  bool share = false;       // values are shares
  std::vector<Band> bands;  // the first that contains the count
};

struct Needed {
  enum class Kind : std::uint8_t {
    Constant,      // value
    Band,          // tables[band] at measure `by` (of the unit, or of its province)
    TargetOrBand,  // the unit's target for the measure, otherwise measure / over >= tables[band] at `by`
  };
  Kind kind = Kind::Constant;
  base::Ratio value;
  bool share = false;       // value is a share of one: shown as a percentage
  Index band = none;
  Index by = none;
  bool by_parent = false;
  Index over = none;        // TargetOrBand
};

struct Criterion {
  enum class Kind : std::uint8_t { Measure, Judged };
  Kind kind = Kind::Measure;
  Index measure = none;
  Needed needed;
  bool or_undefined = false;
  Index given = none;       // a measure that must be at least 1, otherwise the criterion is not met
  std::string source;       // letter and place, as shown
};

struct Requirement {
  std::string name;
  Text label;
  std::vector<Index> measures;  // hidden; present when any is a count >= 1 or a share of 100 %
};

struct LadderLevel {
  std::uint32_t level = 0;      // 1 to 5
  Text label;
  std::vector<Criterion> criteria;
  std::vector<Requirement> evidence;
};

struct PointsPart {
  std::string name;
  Text label;
  base::Ratio of;               // full value
  std::vector<Index> shares;    // sum of numerators over sum of denominators; or
  Index measure = none;         // a count against
  Needed needed;                // (TargetOrBand: the smallest whole number of `over` that meets the share)
};

// The criteria of one indicator under one revision.
struct Ladder {
  std::uint32_t revision = 0;
  std::vector<LadderLevel> levels;  // exactly 5
  std::vector<PointsPart> points;
  Index points_given = none;        // absent unless this measure is at least 1
};

struct ReportDue {
  std::string name;
  Text label;
  std::uint32_t day = 0;        // of the same month
  base::Date first_month{};     // first day of the first month owed
  Level owed_by = Level::District;
};

struct Dispute {
  std::string id;
  std::string reading;
  std::string other_reading;
  std::string in_force;
  std::string why;
};

struct Indicator {
  std::uint32_t number = 0;
  Text label;
  Text unit_label;
  bool team = false;            // one result for the whole province
  std::int64_t weight_hundredths = 0;
  std::string responsible;      // role, never a person
  std::string coordinator;
  std::string definition;
  std::string data_source;
  std::string method;
  std::vector<Index> measures;  // visible, in catalogue order
  std::vector<Index> hidden;    // hidden measures
  std::vector<Ladder> ladders;  // by revision, ascending
  bool reads_parent = false;    // some criterion or part of points looks up a measure of the province
  [[nodiscard]] const Ladder* ladder(std::uint32_t revision) const;
};

struct Letter {
  std::string number;
  base::Date issued_on{};
  std::string title;
};

struct Revision {
  std::uint32_t number = 0;
  Letter letter;
};

struct Period {
  std::string name;        // "2022-06", "2022-W23"
  base::Date first{};
  base::Date last{};       // inclusive
  std::uint32_t closes_with = 0;  // index of the month with whose closing it is closed
};

// Which fact type and fields the engine itself reads.
struct JudgementBinding {
  Index fact = none, unit = none, indicator = none, level = none, met = none;
};
struct EvidenceBinding {
  Index fact = none, indicator = none, requirement = none;
};

struct Plan {
  std::string round;
  Text label;
  base::Date first_day{};
  base::Date last_day{};
  Units units;
  std::vector<Period> months;
  std::vector<Period> weeks;      // those that lie wholly in the round
  std::vector<Vocabulary> vocabularies;
  std::vector<Register> registers;
  std::vector<FactType> fact_types;
  std::vector<Measure> measures;  // visible ones first by indicator, then hidden ones
  std::vector<Term> terms;
  std::vector<BandTable> tables;
  std::vector<Indicator> indicators;  // by number
  std::vector<Revision> revisions;    // by number
  std::vector<ReportDue> reports;
  std::vector<Dispute> disputes;
  std::vector<Text> definitions;
  JudgementBinding judgement;
  EvidenceBinding evidence;
  std::vector<std::string> requirement_words;  // all names that an evidence fact may use
  // requirement_words allowed for an indicator's evidence fact: pairs (indicator number, word index)
  std::vector<std::pair<std::uint32_t, Index>> nameable;
  base::Digest files_sha256{};    // of the files it was compiled from

  [[nodiscard]] Index fact_type(std::string_view name) const;       // none where unknown
  [[nodiscard]] Index indicator_index(std::uint32_t number) const;  // none where unknown
  // A visible measure of that indicator: another one may call one of its own alike. none where unknown.
  [[nodiscard]] Index measure(std::uint32_t indicator, std::string_view name) const;
  [[nodiscard]] const Revision* revision(std::uint32_t number) const;
  [[nodiscard]] const std::vector<Period>& periods(PeriodKind kind) const;
  // The index of the period that holds the date; none where no period does.
  [[nodiscard]] Index period_at(PeriodKind kind, base::Date date) const;
  // Whether some criterion of any revision is judged at that indicator and level.
  [[nodiscard]] bool judged(std::uint32_t indicator, std::uint32_t level) const;
  // Whether some criterion or part of points takes a target for that measure of that indicator.
  [[nodiscard]] bool takes_target(std::uint32_t indicator, std::string_view measure) const;
};

}  // namespace tamroi::catalogue
