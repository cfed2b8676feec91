#include "app/commands/model_files.hpp"

#include <algorithm>
#include <boost/json/object.hpp>

#include "adapters/file_digest/open.hpp"
#include "base/json.hpp"

namespace kinora::app {

namespace {

constexpr std::string_view lock_text =
#include "app/kinora.lock.json.inc"
    ;

/// One entry of `models`; its key is the file's name.
struct LockedModel {
  std::string group;
  std::string role;
  std::string licence;
  std::uint64_t size = 0;
  std::string sha256;
};

struct Lock {
  boost::json::value models;
};

}  // namespace

Result<std::vector<ModelFile>> locked_models() {
  auto lock = from_json_text<Lock>(lock_text);
  if (!lock) return std::unexpected(std::move(lock.error()));
  const auto* entries = lock->models.if_object();
  if (entries == nullptr) return fail(ErrorKind::internal, "kinora.lock.json names no models");

  std::vector<ModelFile> models;
  for (const auto& [name, entry] : *entries) {
    auto model = from_json<LockedModel>(entry);
    if (!model) return std::unexpected(std::move(model.error()));
    models.push_back({std::string(name), std::move(model->group), std::move(model->role), std::move(model->licence),
                      model->size, std::move(model->sha256)});
  }
  std::ranges::sort(models, {}, &ModelFile::name);
  return models;
}

FileState glance_at(const ModelFile& model, const std::filesystem::path& folder) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(folder / model.name, problem);
  if (problem) return FileState::missing;
  return size == model.size_bytes ? FileState::present : FileState::different;
}

FileState verify(const ModelFile& model, const std::filesystem::path& folder) {
  const auto glanced = glance_at(model, folder);
  if (glanced != FileState::present) return glanced;
  const auto sha256 = sha256_of_file(folder / model.name);
  return sha256 && *sha256 == model.sha256 ? FileState::present : FileState::different;
}

}  // namespace kinora::app
