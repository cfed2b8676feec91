#pragma once

#include "base/names.hpp"

namespace kinora::http {

/// Who may call a route (contract 1.4, 1.5); `optional` uses credentials when they are there.
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
