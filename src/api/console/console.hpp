#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"

/// The web console: pages and the files they load, all part of the program. It talks to `/api/v1` as any client does.
namespace kinora::api::console {

/// Made once at start-up; never changes. Any thread.
class Console {
 public:
  /// `version` is the program's, told by `GET /`.
  explicit Console(std::string version);

  const std::string& version() const { return version_; }
  /// Names the files as they are now: part of their address, so that browsers may keep them for ever.
  const std::string& tag() const { return tag_; }
  /// The one page; its script shows what the address asks for.
  const std::string& page() const { return page_; }

 private:
  std::string version_;
  std::string tag_;
  std::string page_;
};

/// `GET /` (page or JSON, contract 2 #5), the console's pages, and their files. `console` outlives them.
std::vector<http::Route> routes(const Console& console);

}  // namespace kinora::api::console
