#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/pipeline/graph.hpp"

namespace kinora::pipeline {

/// By name of a stage: what its result depends on beside what it reads, such as the hash of a model.
using MadeWith = std::map<std::string, std::string, std::less<>>;

/// What a stage made, when and from what, as far as hashes tell.
struct Made {
  StageState state = StageState::waiting;
  std::string input_hash{};   ///< of the run that made its output; empty: none did
  std::string output_hash{};  ///< empty: there is no output
};

/// All that input hashes of one video's stages are made of.
struct Inputs {
  std::string source_sha256;
  MadeWith made_with;
  std::map<std::string_view, Made> made{};  ///< by stage
};

/// SHA-256 over the stage's name, version, model and parameters, and what the stages before it made; of the source where none
/// is before it. What is not there (a stage that failed or does not apply) counts as such.
std::string input_hash(const Stage& stage, const Inputs& inputs);

/// What a stage job's result says of its output: a hash of its member `output`, which must then tell all that later stages can
/// see of it. Most have none; their input's hash stands for their output.
std::optional<std::string> output_hash(std::string_view job_result);

/// Whether the output that is there is what a run would make of these inputs now.
bool is_fresh(const Stage& stage, const Inputs& inputs);

/// The stages that a reprocess opens again, in the order of the list: the wanted ones, or without a wish each that is not done
/// or would be made from something else today; and all that stands on them.
std::vector<const Stage*> stages_to_reopen(const Inputs& inputs, const std::vector<std::string>& wanted);

}  // namespace kinora::pipeline
