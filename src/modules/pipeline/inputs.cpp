#include "modules/pipeline/inputs.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/sha256.hpp"

namespace kinora::pipeline {

namespace {

std::vector<std::string_view> before(const Stage& stage) {
  std::vector<std::string_view> names;
  for (const auto& list : {stage.needs, stage.after})
    std::ranges::copy_if(list, std::back_inserter(names), [](std::string_view name) { return !name.empty(); });
  return names;
}

}  // namespace

std::string input_hash(const Stage& stage, const Inputs& inputs) {
  const auto with = inputs.made_with.find(stage.name);
  auto text = std::string(stage.name) + '\n' + std::to_string(stage.version) + '\n';
  text += (with == inputs.made_with.end() ? "" : with->second) + '\n';
  const auto earlier = before(stage);
  if (earlier.empty()) text += inputs.source_sha256;
  for (const auto name : earlier) {
    const auto& made = inputs.made.at(name);
    text += std::string(name) + '=' + (made.state == StageState::done ? made.output_hash : "") + '\n';
  }
  return sha256_of(text);
}

std::optional<std::string> output_hash(std::string_view job_result) {
  const auto result = parse_json(job_result);
  const auto* object = result ? result->if_object() : nullptr;
  const auto* output = object != nullptr ? object->if_contains("output") : nullptr;
  return output != nullptr ? std::optional(sha256_of(json_text(*output))) : std::nullopt;
}

bool is_fresh(const Stage& stage, const Inputs& inputs) {
  const auto& made = inputs.made.at(stage.name);
  return !made.output_hash.empty() && made.input_hash == input_hash(stage, inputs);
}

std::vector<const Stage*> stages_to_reopen(const Inputs& inputs, const std::vector<std::string>& wanted) {
  std::vector<const Stage*> open;
  const auto is_open = [&](std::string_view name) { return std::ranges::find(open, name, &Stage::name) != open.end(); };
  for (const auto& stage : stages()) {
    const bool stale = inputs.made.at(stage.name).state != StageState::done || !is_fresh(stage, inputs);
    const bool meant = wanted.empty() ? stale : std::ranges::find(wanted, stage.name) != wanted.end();
    if (meant || std::ranges::any_of(before(stage), is_open)) open.push_back(&stage);
  }
  return open;
}

}  // namespace kinora::pipeline
