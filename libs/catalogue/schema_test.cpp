#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "support/files.h"
#include "support/yaml_json.h"

using namespace tamroi;

namespace {

nlohmann::json to_document(const std::string& yaml) {
  std::vector<catalogue::Finding> findings;
  catalogue::Reporter reporter("test", findings);
  const auto value = catalogue::parse_yaml(yaml, reporter);
  REQUIRE(findings.empty());
  return nlohmann::json::parse(support::to_json(*value));
}

std::vector<std::string> violations(const nlohmann::json& document, std::string_view schema_file) {
  const auto path = support::source_dir() / "schemas" / "catalogue" / "schema" / schema_file;
  const nlohmann::json description = nlohmann::json::parse(support::read_file(path));
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(description), schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  std::vector<std::string> texts;
  if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results)) return texts;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    std::string place;
    for (const std::string& step : error.context) place += step;
    texts.push_back(place + ": " + error.description);
  }
  return texts;
}

std::string schema_of(const std::string& file) {
  return file.starts_with("indicator-") ? "indicator.json" : file.substr(0, file.find('.')) + ".json";
}

}  // namespace

TEST_CASE("every file of 2565-2 is what its JSON Schema describes") {
  for (const auto& [file, text] : support::read_bundle_2565_2()) {
    if (file == "units.csv") continue;
    INFO(file);
    CHECK(violations(to_document(text), schema_of(file)) == std::vector<std::string>{});
  }
}

TEST_CASE("the JSON Schemas refuse what they do not know") {
  for (const auto& [file, text] : support::read_bundle_2565_2()) {
    if (file == "units.csv") continue;
    INFO(file);
    nlohmann::json document = to_document(text);
    document["unheard_of"] = 1;
    CHECK_FALSE(violations(document, schema_of(file)).empty());
  }
}
