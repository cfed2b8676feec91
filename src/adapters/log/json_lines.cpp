#include "adapters/log/json_lines.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unicode/utf8.h>

#include "base/json.hpp"

namespace kinora {

namespace {

constexpr std::size_t text_bytes_max = 4096;
constexpr std::size_t file_bytes_max = 32 << 20;
constexpr std::size_t older_files_kept = 2;

/// At most text_bytes_max bytes, then an ellipsis; file names and messages of other programs may hold any bytes.
std::string readable(std::string_view text) {
  std::string out;
  auto size = static_cast<std::int32_t>(std::min(text.size(), text_bytes_max));
  if (text.size() > text_bytes_max) U8_TRUNCATE_IF_INCOMPLETE(text.data(), 0, size);
  for (std::int32_t at = 0; at < size;) {
    const auto start = static_cast<std::size_t>(at);
    std::int32_t letter = 0;
    U8_NEXT(text.data(), at, size, letter);
    out += letter < 0 ? std::string_view("\uFFFD") : text.substr(start, static_cast<std::size_t>(at) - start);
  }
  if (text.size() > text_bytes_max) out += "\u2026";
  return out;
}

void append_member(std::string& line, std::string_view name, const auto& value) {
  if (line.back() != '{') line += ',';
  append_json(line, name);
  line += ':';
  append_json(line, value);
}

struct AppendField {
  std::string& line;
  std::string_view name;
  void operator()(std::string_view text) const { append_member(line, name, readable(text)); }
  void operator()(auto value) const { append_member(line, name, value); }
};

class JsonLinesLog final : public Log {
 public:
  JsonLinesLog(LogLevel lowest, spdlog::sink_ptr sink, const Clock& clock)
      : lowest_(lowest), clock_(clock), logger_("kinora", std::move(sink)) {
    logger_.set_pattern("%v");
    logger_.flush_on(spdlog::level::info);
  }

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override {
    if (level < lowest_) return;
    std::string line = "{";
    append_member(line, "time", clock_.now());
    append_member(line, "level", level);
    append_member(line, "event", readable(event));
    for (const auto& field : fields) std::visit(AppendField{line, field.name}, field.value);
    line += '}';
    logger_.log(spdlog::level::info, spdlog::string_view_t(line));
  }

 private:
  LogLevel lowest_;
  const Clock& clock_;
  spdlog::logger logger_;
};

spdlog::sink_ptr open_sink(const LogDestination& destination) {
  if (destination.file.empty()) return std::make_shared<spdlog::sinks::stderr_sink_mt>();
  return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(destination.file.string(), file_bytes_max, older_files_kept);
}

}  // namespace

Result<std::unique_ptr<Log>> open_log(LogLevel lowest, LogDestination destination, const Clock& clock) {
  try {
    return std::make_unique<JsonLinesLog>(lowest, open_sink(destination), clock);
  } catch (const spdlog::spdlog_ex& problem) {
    return fail(ErrorKind::unavailable,
                "the log file " + destination.file.string() + " cannot be written (" + problem.what() + "); give another one");
  }
}

}  // namespace kinora
