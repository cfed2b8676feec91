#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <deque>
#include <iostream>
#include <iterator>

#include "base/deadline.hpp"
#include "base/numbers.hpp"
#include "base/task_group.hpp"

// bench_crowd PORT RATE SECONDS CONNECTIONS <REQUEST
//
// Asks kinora on this machine as a crowd does: RATE times a second, whether or not it has answered what was asked before. Each
// request is timed from when it was due. With RATE 0 each connection asks again as soon as it has been answered. Prints what
// became of the requests, as JSON.

namespace kinora::bench {

namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;
using std::chrono::steady_clock;
using Socket = asio::deferred_t::as_default_on_t<tcp::socket>;

constexpr double good_ms_max = 1000;
constexpr auto patience = 10s;  ///< for the answers to what was asked last

double ms_since(steady_clock::time_point then) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - then).count();
}

/// When the next request is due, until all are.
class Schedule {
 public:
  Schedule(double per_second, std::chrono::seconds time) : per_second_(per_second), ends_(began_ + time) {}

  std::optional<steady_clock::time_point> next() {
    const auto due = per_second_ > 0 ? began_ + after(static_cast<double>(count_++) / per_second_) : steady_clock::now();
    return due < ends_ ? std::optional(due) : std::nullopt;
  }
  double ms() const { return ms_since(began_); }

 private:
  static steady_clock::duration after(double seconds) {
    return std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(seconds));
  }

  double per_second_;
  steady_clock::time_point began_ = steady_clock::now();
  steady_clock::time_point ends_;
  std::int64_t count_ = 0;
};

struct Answer {
  int status = 0;
  bool has_retry_after = false;
};

double quantile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

/// What became of the requests; times in milliseconds.
class Tally {
 public:
  void note(const Result<Answer>& answer, double ms, double at_ms) {
    const bool answered = answer && answer->status == 200;
    const bool refused = answer && (answer->status == 429 || answer->status == 503);
    if (answered && ms <= good_ms_max) return good_.push_back(ms);
    last_trouble_ms_ = at_ms;
    if (!refused) return void(++(answered ? late_ : broken_));
    refused_.push_back(ms);
    if (!answer->has_retry_after) ++bare_;
  }
  void note_sent(double ms_behind) { sent_late_ms_ = std::max(sent_late_ms_, ms_behind); }

  std::string json() {
    return fmt::format(R"({{"good":{},"good_p50_ms":{:.3f},"good_p99_ms":{:.3f},"refused":{},"refused_p99_ms":{:.3f},)"
                       R"("without_retry_after":{},"late":{},"broken":{},"last_trouble_ms":{:.0f},"sent_late_ms":{:.1f}}})",
                       good_.size(), quantile(good_, 0.5), quantile(good_, 0.99), refused_.size(), quantile(refused_, 0.99),
                       bare_, late_, broken_, last_trouble_ms_, sent_late_ms_);
  }

 private:
  std::vector<double> good_;
  std::vector<double> refused_;
  std::int64_t bare_ = 0;
  std::int64_t late_ = 0;
  std::int64_t broken_ = 0;
  double last_trouble_ms_ = 0;
  double sent_late_ms_ = 0;
};

/// One connection, which asks one request at a time.
class Line {
 public:
  Line(asio::any_io_executor executor, tcp::endpoint server, const std::string& request)
      : socket_(std::move(executor)), server_(server), request_(request) {}

  Task<void> run(Schedule& schedule, Tally& tally) {
    while (const auto due = schedule.next()) {
      const auto early = *due - steady_clock::now();
      if (early > 0s && !co_await pause_for(early)) co_return;
      tally.note_sent(ms_since(*due));
      const auto answer = co_await ask();
      if (!answer) close();
      tally.note(answer, ms_since(*due), schedule.ms());
    }
  }

 private:
  Task<Result<Answer>> ask() {
    if (!socket_.is_open()) co_await ok(socket_.async_connect(server_));
    co_await ok(asio::async_write(socket_, asio::buffer(request_), asio::deferred));
    text_.clear();
    while (!text_.contains("\r\n\r\n")) co_await ok(read_more());
    const auto body = text_.find("\r\n\r\n") + 4;
    const auto length = number_of<std::size_t>(field("Content-Length"));
    const auto status = number_of<int>(std::string_view(text_).substr(9, 3));
    if (!length || !status) co_return fail(ErrorKind::internal, "no answer of kinora: " + text_);
    const Answer answer{*status, !field("Retry-After").empty()};
    const bool ends = field("Connection") == "close";
    while (text_.size() < body + *length) co_await ok(read_more());
    if (ends) close();
    co_return answer;
  }

  Task<Result<void>> read_more() {
    const auto before = text_.size();
    text_.resize(before + 16384);
    const auto [code, size] = co_await socket_.async_read_some(asio::buffer(text_.data() + before, text_.size() - before));
    text_.resize(before + size);
    if (code) co_return std::unexpected(error_of(code, co_await this_fiber));
    co_return {};
  }

  /// As kinora writes its own.
  std::string_view field(std::string_view name) const {
    const std::string_view head = std::string_view(text_).substr(0, text_.find("\r\n\r\n"));
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == head.npos) return {};
    const auto value = head.substr(at + name.size() + 4);
    return value.substr(0, value.find("\r\n"));
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

  Socket socket_;
  tcp::endpoint server_;
  const std::string& request_;
  std::string text_;
};

struct Crowd {
  std::uint16_t port = 0;
  double per_second = 0;
  std::chrono::seconds time{};
  int connections = 0;
  std::string request;
};

Task<Result<void>> joined(TaskGroup& group) {
  co_await group.join();
  co_return {};
}

Task<void> ask_all(const Crowd& crowd, Tally& tally) {
  const auto executor = (co_await this_fiber).executor;
  const tcp::endpoint server(asio::ip::address_v4::loopback(), crowd.port);
  Schedule schedule(crowd.per_second, crowd.time);
  std::deque<Line> lines;
  TaskGroup group(executor);
  for (int made = 0; made < crowd.connections; ++made)
    group.spawn(lines.emplace_back(executor, server, crowd.request).run(schedule, tally), executor);
  static_cast<void>(co_await within(crowd.time + patience, joined(group)));
}

void run(const Crowd& crowd) {
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context io(1);
  Tally tally;
  TaskGroup root(io.get_executor());
  root.spawn(ask_all(crowd, tally), io.get_executor());
  io.run();
  fmt::print("{}\n", tally.json());
}

}  // namespace

}  // namespace kinora::bench

int main(int argc, char** argv) {
  using kinora::number_of;
  const auto port = number_of<std::uint16_t>(argc == 5 ? argv[1] : "");
  const auto rate = number_of<double>(argc == 5 ? argv[2] : "");
  const auto seconds = number_of<int>(argc == 5 ? argv[3] : "");
  const auto connections = number_of<int>(argc == 5 ? argv[4] : "");
  if (!port || !rate || !seconds || !connections) {
    fmt::print(stderr, "bench_crowd PORT RATE SECONDS CONNECTIONS <REQUEST\n");
    return 2;
  }
  std::string request(std::istreambuf_iterator<char>(std::cin), {});
  kinora::bench::run({*port, *rate, std::chrono::seconds(*seconds), *connections, std::move(request)});
  return 0;
}
