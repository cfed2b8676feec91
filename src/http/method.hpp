#pragma once

#include <cstddef>
#include <cstdint>

#include "base/names.hpp"

namespace kinora::http {

/// Only these are answered; every other word of RFC 9110 reads as `other` and meets a 405.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };
inline constexpr std::size_t methods_count = 8;

/// RFC 9110 section 9.2.1: asks for nothing to be changed.
constexpr bool is_safe(Method method) { return method == Method::get || method == Method::head || method == Method::options; }

}  // namespace kinora::http

template <>
struct kinora::Names<kinora::http::Method> {
  static constexpr auto table = std::to_array<std::pair<kinora::http::Method, std::string_view>>({
      {kinora::http::Method::get, "GET"},
      {kinora::http::Method::head, "HEAD"},
      {kinora::http::Method::post, "POST"},
      {kinora::http::Method::put, "PUT"},
      {kinora::http::Method::patch, "PATCH"},
      {kinora::http::Method::delete_, "DELETE"},
      {kinora::http::Method::options, "OPTIONS"},
  });
};
