#pragma once

#include <span>
#include <string_view>

namespace kinora::api::console {

/// One file of web/, or of a library it loads.
struct File {
  std::string_view name;  ///< below the console's folder of this version
  std::string_view content_type;
  std::string_view bytes;
};

std::span<const File> files();
/// Null when there is none of this name.
const File* find_file(std::string_view name);
/// web/index.html; `{files}` in it stands for the folder its files are served from.
std::string_view page_template();

}  // namespace kinora::api::console
