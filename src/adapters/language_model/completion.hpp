#pragma once

#include <string>

#include "base/result.hpp"
#include "ports/language_model.hpp"

/// Orders and replies in the form of OpenAI's chat completions, which llama-server speaks too.
namespace kinora::completion {

inline constexpr std::size_t reply_bytes_max = 1 << 20;

/// `model` empty: there is only one.
std::string request_of(const Prompt& prompt, const std::string& model);

/// What the model wrote. What a service says beside that is never repeated: it may hold a part of the key. Errors: unavailable
/// (no such form, a refusal, a status that is no success), rate_limited, too_large (it did not come to an end).
Result<std::string> reply_of(int status, const std::string& body);

}  // namespace kinora::completion
