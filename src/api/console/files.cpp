#include "api/console/files.hpp"

#include <algorithm>
#include <array>

// The texts are cut into literals of a few thousand bytes, in places within a letter.
#pragma clang diagnostic ignored "-Winvalid-source-encoding"
#pragma clang diagnostic ignored "-Woverlength-strings"

namespace kinora::api::console {

namespace {

constexpr std::string_view script = "text/javascript; charset=utf-8";
constexpr std::string_view style = "text/css; charset=utf-8";

// The size comes from the literal's type: counting letters would be too long a constant expression.
template <std::size_t size>
constexpr File file(std::string_view name, std::string_view content_type, const char (&bytes)[size]) {
  return {name, content_type, {bytes, size - 1}};
}

// clang-format off
constexpr auto all = std::to_array<File>({
    file("console.css", style,
#include "web/console.css.inc"
    ),
    file("tokens.css", style,
#include "web/tokens.css.inc"
    ),
    file("llms.txt", "text/plain; charset=utf-8",
#include "web/llms.txt.inc"
    ),
    file("icon.svg", "image/svg+xml",
#include "web/icon.svg.inc"
    ),
    file("api.js", script,
#include "web/api.js.inc"
    ),
    file("brand.js", script,
#include "web/brand.js.inc"
    ),
    file("correction.js", script,
#include "web/correction.js.inc"
    ),
    file("dom.js", script,
#include "web/dom.js.inc"
    ),
    file("estimate.js", script,
#include "web/estimate.js.inc"
    ),
    file("format.js", script,
#include "web/format.js.inc"
    ),
    file("forms.js", script,
#include "web/forms.js.inc"
    ),
    file("keys.js", script,
#include "web/keys.js.inc"
    ),
    file("live.js", script,
#include "web/live.js.inc"
    ),
    file("main.js", script,
#include "web/main.js.inc"
    ),
    file("moment_player.js", script,
#include "web/moment_player.js.inc"
    ),
    file("moments.js", script,
#include "web/moments.js.inc"
    ),
    file("notices.js", script,
#include "web/notices.js.inc"
    ),
    file("playback.js", script,
#include "web/playback.js.inc"
    ),
    file("player.js", script,
#include "web/player.js.inc"
    ),
    file("session.js", script,
#include "web/session.js.inc"
    ),
    file("shell.js", script,
#include "web/shell.js.inc"
    ),
    file("stages.js", script,
#include "web/stages.js.inc"
    ),
    file("thread.js", script,
#include "web/thread.js.inc"
    ),
    file("transcript.js", script,
#include "web/transcript.js.inc"
    ),
    file("uploads.js", script,
#include "web/uploads.js.inc"
    ),
    file("video_actions.js", script,
#include "web/video_actions.js.inc"
    ),
    file("pages/ask.js", script,
#include "web/pages/ask.js.inc"
    ),
    file("pages/docs.js", script,
#include "web/pages/docs.js.inc"
    ),
    file("pages/library.js", script,
#include "web/pages/library.js.inc"
    ),
    file("pages/search.js", script,
#include "web/pages/search.js.inc"
    ),
    file("pages/setup.js", script,
#include "web/pages/setup.js.inc"
    ),
    file("pages/sign_in.js", script,
#include "web/pages/sign_in.js.inc"
    ),
    file("pages/upload.js", script,
#include "web/pages/upload.js.inc"
    ),
    file("pages/watch.js", script,
#include "web/pages/watch.js.inc"
    ),
    file("hls.mjs", script,
#include "dist/hls.min.mjs.inc"
    ),
    file("tus.js", script,
#include "dist/tus.min.js.inc"
    ),
});

constexpr std::string_view page =
#include "web/index.html.inc"
    ;
// clang-format on

}  // namespace

std::span<const File> files() { return all; }

const File* find_file(std::string_view name) {
  const auto found = std::ranges::find(all, name, &File::name);
  return found == all.end() ? nullptr : found;
}

std::string_view page_template() { return page; }

}  // namespace kinora::api::console
