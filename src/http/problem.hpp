#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/reply.hpp"

namespace kinora::http {

/// A wire code: its status and the sentence that never changes. The one table of all codes is in problem.cpp.
struct ProblemCode {
  std::string_view code;
  int status = 500;
  std::string_view title;
};

/// By the error's code, else by its kind. A code that the table does not know keeps its kind's status and title.
ProblemCode code_of(const Error& error);
ProblemCode code_of(Error&&) = delete;  // an own code's text stays in its error
int status_of(const Error& error);

/// The request that went wrong.
struct Occurrence {
  std::string instance;  ///< its path
  std::string request_id;
  std::string traceparent{};  ///< empty: none came
};

/// An error as the wire needs it, the same for all surfaces.
struct Problem {
  int status = 500;
  std::string code;
  std::string title;
  std::string detail;
  Occurrence of;
  std::vector<FieldError> fields;
};

/// `generic` hides the texts of 5xx errors, as production must: they tell of our insides.
enum class ErrorTexts : std::uint8_t { full, generic };
Problem problem_of(Error error, Occurrence of, ErrorTexts texts);

/// How one surface writes errors. Stateless: any thread.
class ErrorEnvelope {
 public:
  virtual ~ErrorEnvelope() = default;
  virtual Reply render(const Problem& problem) const = 0;
};

/// The native API: application/problem+json (RFC 9457) with the members of a NestJS error beside its own, for front ends that
/// read those.
class ProblemJson final : public ErrorEnvelope {
 public:
  Reply render(const Problem& problem) const override;
};

/// For paths that belong to no surface: whatever a front end of any of them looks at, it finds.
class UnionEnvelope final : public ErrorEnvelope {
 public:
  Reply render(const Problem& problem) const override;
};

/// WWW-Authenticate, Retry-After: what a status must carry, whatever the envelope.
void add_required_headers(Reply& reply);

}  // namespace kinora::http
