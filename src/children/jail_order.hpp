#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "children/profiles.hpp"

namespace kinora {

/// What to do when the kernel lacks a part of the jail: refuse to run anything, or run with what there is
/// (KINORA_SANDBOX=weak).
enum class Sandbox : std::uint8_t { strict, weak };

/// Whom a child of a root server becomes.
struct ChildUser {
  unsigned uid = 65534;
  unsigned gid = 65534;
};

/// The launcher's order to the jail, as the words after `jail` on its command line.
struct JailOrder {
  std::string profile;
  Sandbox sandbox = Sandbox::strict;
  int parent = 0;  ///< process id of the server: a child that finds another parent has been orphaned already
  ChildUser user{};
  ChildLimits limits{};
  std::filesystem::path scratch;
  std::vector<std::filesystem::path> readable{};
  std::vector<std::string> command{};  ///< program, then its arguments
};

std::vector<std::string> words_of(const JailOrder& order);
Result<JailOrder> parse_jail_order(std::span<char* const> words);

}  // namespace kinora
