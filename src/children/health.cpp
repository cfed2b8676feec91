#include "children/health.hpp"

#include "children/landlock.hpp"

namespace kinora {

namespace {

Task<Result<void>> examine_jail(Sandbox sandbox) {
  if (sandbox == Sandbox::weak)
    co_return fail(ErrorKind::unavailable, "KINORA_SANDBOX=weak: a broken video may reach what this server can reach");
  if (!has_landlock()) co_return fail(ErrorKind::unavailable, "this kernel has no Landlock, so no video is taken in");
  co_return {};
}

Task<Result<void>> examine_files(std::vector<std::filesystem::path> files) {
  for (const auto& file : files) {
    std::error_code code;
    if (!std::filesystem::exists(file, code))
      co_return fail(ErrorKind::unavailable,
                     file.filename().string() + " is not installed; kinora doctor says how to bring it");
  }
  co_return {};
}

}  // namespace

HealthPart health_of_jail(Sandbox sandbox) {
  return {"jail", HealthPart::Weight::optional, [sandbox] { return examine_jail(sandbox); }};
}

HealthPart health_of_children(std::string name, std::vector<std::filesystem::path> files) {
  return {std::move(name), HealthPart::Weight::optional, [files = std::move(files)] { return examine_files(files); }};
}

}  // namespace kinora
