#pragma once

#include "base/names.hpp"

namespace kinora::http {

/// Who may call a route; `optional` uses credentials when they are there.
enum class Access { anyone, session, bearer, either, workspace, optional, admin };

/// Which rate limit counts a route; `none` is outside of all.
enum class LimitClass {
  none,
  default_,
  login,
  upload,
  chat,
  summarize,
  editor,
  editor_read,
  editor_ai,
  ai_chat_path,
  signup,
  sift_chat,
  sift_processing,
  media,
};

}  // namespace kinora::http

template <>
struct kinora::Names<kinora::http::Access> {
  using enum http::Access;
  static constexpr auto table = std::to_array<std::pair<http::Access, std::string_view>>({
      {anyone, "public"},
      {session, "session"},
      {bearer, "bearer"},
      {either, "either"},
      {workspace, "workspace"},
      {optional, "optional"},
      {admin, "admin"},
  });
};
