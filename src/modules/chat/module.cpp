#include "modules/chat/chat.hpp"

namespace kinora::chat {

namespace {

constexpr std::string_view step_001 =
#include "modules/chat/migrations/001_chat.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "modules/chat/migrations/002_messages.sql.inc"
    ;
constexpr std::string_view step_003 =
#include "modules/chat/migrations/003_streaming.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"chat", 1, step_001}, {"chat", 2, step_002}, {"chat", 3, step_003}}; }

}  // namespace kinora::chat
