#include "app/config_values.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <limits>
#include <utility>

namespace kinora::app {

namespace {

using std::chrono::milliseconds;

struct Quantity {
  std::uint64_t count = 0;
  std::string_view unit;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// A whole number, then a unit.
std::optional<Quantity> parse_quantity(std::string_view text) {
  Quantity quantity;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), quantity.count);
  if (problem != std::errc()) return std::nullopt;
  quantity.unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  return quantity;
}

template <class Value, std::size_t size>
std::optional<Value> find_unit(const std::array<std::pair<std::string_view, Value>, size>& units, std::string_view name) {
  const auto found = std::ranges::find(units, name, [](const auto& unit) { return unit.first; });
  return found == units.end() ? std::nullopt : std::optional(found->second);
}

constexpr auto time_units = std::to_array<std::pair<std::string_view, milliseconds>>({
    {"ms", milliseconds(1)},
    {"s", std::chrono::seconds(1)},
    {"m", std::chrono::minutes(1)},
    {"h", std::chrono::hours(1)},
    {"d", std::chrono::days(1)},
    {"w", std::chrono::weeks(1)},
});
constexpr milliseconds longest = std::chrono::days(3650);

constexpr auto size_units = std::to_array<std::pair<std::string_view, std::uint64_t>>({
    {"", 1},
    {"b", 1},
    {"kib", 1ULL << 10},
    {"mib", 1ULL << 20},
    {"gib", 1ULL << 30},
    {"tib", 1ULL << 40},
    {"kb", 1000},
    {"mb", 1'000'000},
    {"gb", 1'000'000'000},
    {"tb", 1'000'000'000'000},
});

constexpr auto switch_words = std::to_array<std::pair<std::string_view, bool>>({
    {"on", true},
    {"true", true},
    {"yes", true},
    {"1", true},
    {"off", false},
    {"false", false},
    {"no", false},
    {"0", false},
});

std::string mapped(std::string_view text, int (*letter_of)(int)) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [&](unsigned char letter) { return static_cast<char>(letter_of(letter)); });
  return out;
}

}  // namespace

std::string lower_case(std::string_view text) { return mapped(text, std::tolower); }
std::string upper_case(std::string_view text) { return mapped(text, std::toupper); }

std::optional<bool> parse_switch(std::string_view text) { return find_unit(switch_words, lower_case(text)); }

std::optional<milliseconds> parse_duration(std::string_view text, milliseconds bare_unit) {
  const auto quantity = parse_quantity(text);
  if (!quantity || quantity->count == 0) return std::nullopt;
  const auto unit = quantity->unit.empty() ? std::optional(bare_unit) : find_unit(time_units, quantity->unit);
  if (!unit || quantity->count > static_cast<std::uint64_t>(longest / *unit)) return std::nullopt;
  return *unit * static_cast<std::int64_t>(quantity->count);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto quantity = parse_quantity(text);
  if (!quantity) return std::nullopt;
  const auto unit = find_unit(size_units, lower_case(quantity->unit));
  constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
  if (!unit || quantity->count > largest / *unit) return std::nullopt;
  return quantity->count * *unit;
}

std::optional<std::string> parse_address(std::string_view text) {
  if (text == "localhost") return "127.0.0.1";
  boost::system::error_code problem;
  const auto address = boost::asio::ip::make_address(std::string(text), problem);
  return problem ? std::nullopt : std::optional(address.to_string());
}

std::string origin_of(std::string_view url) {
  const auto host = url.find("://") + 3;
  return std::string(url.substr(0, url.find('/', host)));
}

std::optional<std::string> parse_url(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  if (!text.starts_with("http://") && !text.starts_with("https://")) return std::nullopt;
  const auto origin = origin_of(text);
  const bool has_host = origin.size() > origin.find("://") + 3;
  if (!has_host || text.find_first_of(" \t?#@\\\"<>") != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

std::optional<std::vector<std::string>> parse_origins(std::string_view text) {
  std::vector<std::string> origins;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto item = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (item.empty()) continue;
    const auto url = parse_url(item);
    if (!url || origin_of(*url) != *url) return std::nullopt;
    origins.push_back(*url);
  }
  return origins;
}

std::optional<std::filesystem::path> parse_path(std::string_view text) {
  return std::filesystem::absolute(std::filesystem::path(text)).lexically_normal();
}

}  // namespace kinora::app
