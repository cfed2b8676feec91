#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace kinora::testing {

/// One reply of a provider, or how it fails.
struct Scripted {
  enum class Fault : std::uint8_t {
    none,
    cut_off,       ///< hangs up in the middle of the body
    endless,       ///< goes on until the client does not
    endless_head,  ///< in a head without a line's end
    dripping,      ///< a byte now and then, for ever
    silent,        ///< takes the request and says nothing
    gone,          ///< hangs up without a word
    no_http,       ///< speaks something else
  };
  std::string body{};
  std::string status = "200 OK";
  std::string more_headers{};  ///< each with its CRLF
  Fault fault = Fault::none;
};

/// What a model wrote, in the form in which a provider sends it.
inline Scripted wrote(std::string_view text, std::string_view finish_reason = "stop") {
  std::string body = R"({"choices":[{"message":{"role":"assistant","content":)";
  append_json_string(body, text);
  body += R"(},"finish_reason":)";
  append_json_string(body, finish_reason);
  return {.body = body + "}]}"};
}

/// A service that speaks chat completions, on 127.0.0.1; what it says, the test says. Each request on a thread of its own.
class ScriptedProvider {
 public:
  /// Gives the reply to a request, of which it sees head and body.
  using Script = std::function<Scripted(const std::string& request)>;

  explicit ScriptedProvider(Script script) : script_(std::move(script)) {
    accept();
    thread_ = std::jthread([this] { io_.run(); });
  }
  ScriptedProvider(const ScriptedProvider&) = delete;
  ~ScriptedProvider() {
    {
      const std::scoped_lock hold(mutex_);
      is_over_ = true;
    }
    over_.notify_all();
    io_.stop();
    thread_.join();
    sessions_.clear();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/v1"; }
  std::vector<std::string> requests() {
    const std::scoped_lock hold(mutex_);
    return requests_;
  }
  /// The most that were under way at one time.
  int most_at_once() {
    const std::scoped_lock hold(mutex_);
    return most_at_once_;
  }
  /// Waits until so many requests are under way together, or it is over.
  void wait_until_under_way(int count) {
    std::unique_lock hold(mutex_);
    over_.wait_for(hold, std::chrono::seconds(5), [&] { return is_over_ || most_at_once_ >= count; });
  }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code code, Socket socket) {
      if (code) return;
      sessions_.emplace_back([this, socket = std::move(socket)]() mutable { serve(std::move(socket)); });
      accept();
    });
  }

  void serve(Socket socket) {
    boost::system::error_code code;
    std::string text;
    const auto head = boost::asio::read_until(socket, boost::asio::dynamic_buffer(text), "\r\n\r\n", code);
    if (code) return;
    boost::asio::read(socket, boost::asio::dynamic_buffer(text),
                      boost::asio::transfer_exactly(head + length_in(text) - text.size()), code);
    note(text, 1);
    send(socket, script_(text));
    note({}, -1);
  }

  void send(Socket& socket, const Scripted& reply) {
    using enum Scripted::Fault;
    if (reply.fault == gone) return;
    if (reply.fault == silent) return wait_until_over();
    if (reply.fault == no_http) return void(say(socket, "220 mail.example ESMTP ready\r\n"));
    auto head = "HTTP/1.1 " + reply.status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + reply.more_headers;
    if (reply.fault == none) head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
    if (reply.fault == cut_off) head += "Content-Length: " + std::to_string(reply.body.size() + 100) + "\r\n";
    say(socket, reply.fault == endless_head ? "HTTP/1.1 200 OK\r\nX-More: " : head + "\r\n" + reply.body);
    const std::string more(64 << 10, reply.fault == endless_head ? 'x' : ' ');
    if (reply.fault == endless || reply.fault == endless_head)
      while (say(socket, more)) continue;
    if (reply.fault == dripping)
      while (!is_over_within(std::chrono::milliseconds(20)) && say(socket, " ")) continue;
  }

  /// False once the client listens no more.
  static bool say(Socket& socket, const std::string& text) {
    boost::system::error_code code;
    boost::asio::write(socket, boost::asio::buffer(text), code);
    return !code;
  }

  void wait_until_over() {
    std::unique_lock hold(mutex_);
    over_.wait(hold, [&] { return is_over_; });
  }
  bool is_over_within(std::chrono::milliseconds time) {
    std::unique_lock hold(mutex_);
    return over_.wait_for(hold, time, [&] { return is_over_; });
  }

  void note(const std::string& request, int begun) {
    const std::scoped_lock hold(mutex_);
    if (begun > 0) requests_.push_back(request);
    under_way_ += begun;
    most_at_once_ = std::max(most_at_once_, under_way_);
    over_.notify_all();
  }

  static std::size_t length_in(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }

  Script script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  std::mutex mutex_;
  std::condition_variable over_;
  std::vector<std::string> requests_;
  int under_way_ = 0;
  int most_at_once_ = 0;
  bool is_over_ = false;
  std::jthread thread_;
  std::list<std::jthread> sessions_;
};

}  // namespace kinora::testing
