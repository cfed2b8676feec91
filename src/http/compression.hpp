#pragma once

#include <string>
#include <string_view>

#include "http/head.hpp"
#include "http/reply.hpp"

namespace kinora::http {

/// RFC 1952.
std::string gzip(std::string_view bytes);

/// Packs JSON, pages, styles, scripts, playlists and captions between 1 KiB and 8 MiB when the client takes gzip. Files and
/// streams stay as they are.
void compress(const Head& head, Reply& reply);

}  // namespace kinora::http
