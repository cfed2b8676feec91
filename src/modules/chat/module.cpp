#include "modules/chat/chat.hpp"

namespace kinora::chat {

namespace {

constexpr std::string_view step_001 =
#include "modules/chat/migrations/001_chat.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"chat", 1, step_001}}; }

}  // namespace kinora::chat
