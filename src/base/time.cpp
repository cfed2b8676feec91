#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.hpp"

namespace kinora {

namespace {

using std::chrono::microseconds;

/// Reads fixed-width fields of a time stamp from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    const auto part = rest_.substr(0, digits);
    const auto value = number_of<int>(part);
    good_ = good_ && part.size() == digits && value && part.front() != '-';
    rest_.remove_prefix(part.size());
    return value.value_or(0);
  }
  bool take(char wanted) {
    const bool there = !rest_.empty() && (rest_.front() == wanted || rest_.front() == (wanted | 0x20));
    if (there) rest_.remove_prefix(1);
    return there;
  }
  void need(char wanted) { good_ = take(wanted) && good_; }
  microseconds fraction() {
    const auto digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    good_ = good_ && digits >= 1 && digits <= 9;
    microseconds value{0};
    microseconds place{100000};
    for (const char digit : rest_.substr(0, digits)) {
      value += (digit - '0') * place;
      place /= 10;
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool ended_well() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Result<Time> parse_rfc3339(std::string_view text) {
  Reader read(text);
  const int year = read.number(4);
  read.need('-');
  const int month = read.number(2);
  read.need('-');
  const int day = read.number(2);
  read.need('T');
  const int hour = read.number(2);
  read.need(':');
  const int minute = read.number(2);
  read.need(':');
  const int second = read.number(2);
  const auto fraction = read.take('.') ? read.fraction() : microseconds{0};
  std::chrono::minutes offset{0};
  if (!read.take('Z')) {
    const int sign = read.take('+') ? 1 : -1;
    if (sign < 0) read.need('-');
    const int hours = read.number(2);
    read.need(':');
    offset = sign * (std::chrono::hours(hours) + std::chrono::minutes(read.number(2)));
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!read.ended_well() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return fail(ErrorKind::invalid, "not a time such as 2026-11-21T09:00:00Z: " + std::string(text.substr(0, 40)));
  return Time(std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
              std::chrono::seconds(second) + fraction - offset);
}

std::string clock_face(Seconds position) {
  const auto whole = static_cast<long long>(std::max(position.count(), 0.0));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace kinora
