#include "app/commands/eval_client.hpp"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <charconv>

#include "base/json.hpp"

namespace kinora::app {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t found_max = 3;
constexpr std::size_t reply_bytes_max = 64 << 20;

template <class T>
struct Listed {
  std::vector<T> data{};
};
struct Named {
  std::string id;
};
struct Reply {
  std::vector<EvalPassage> citations{};
};
struct Exchange {
  Reply reply{};
};
struct Transcript {
  std::string transcript_text;
};
struct Problem {
  std::string detail;
};

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (std::isalnum(byte) != 0)
      out += each;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

std::unexpected<Error> unreachable(const std::string& host, const std::string& port, const boost::system::error_code& code) {
  return fail(ErrorKind::unavailable, fmt::format("no server answers at {}:{} ({})", host, port, code.message()));
}

/// A client that says Connection: close is answered without chunks or with; HTTP/1.0 forbids them.
std::string head_of(const std::string& method, const std::string& target, const std::string& host, const std::string& token,
                    std::size_t body_size) {
  return fmt::format(
      "{} {} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\nConnection: close\r\n\r\n",
      method, target, host, token, body_size);
}

Result<std::string> body_of(const std::string& reply) {
  const auto end = reply.find("\r\n\r\n");
  int status = 0;
  if (reply.size() > 12) std::from_chars(reply.data() + 9, reply.data() + 12, status);
  if (end == std::string::npos || status == 0) return fail(ErrorKind::unavailable, "what answers there speaks no HTTP");
  auto body = reply.substr(end + 4);
  if (status < 300) return body;
  const auto problem = from_json_text<Problem>(body);
  return fail(ErrorKind::invalid, fmt::format("the server answers {}: {}", status, problem ? problem->detail : body));
}

template <class T>
Result<T> read_as(const Result<std::string>& body) {
  if (!body) return std::unexpected(body.error());
  return from_json_text<T>(*body);
}

}  // namespace

Result<EvalClient> EvalClient::to(const std::string& server, std::string token) {
  constexpr std::string_view scheme = "http://";
  const auto colon = server.rfind(':');
  if (!server.starts_with(scheme) || colon <= scheme.size())
    return fail(ErrorKind::invalid, "the server " + server + " must be written as http://address:port");
  if (token.empty())
    return fail(ErrorKind::invalid, "put the access token of the library's owner into the environment as KINORA_TOKEN");
  auto port = server.substr(colon + 1);
  if (port.ends_with('/')) port.pop_back();
  return EvalClient(server.substr(scheme.size(), colon - scheme.size()), std::move(port), std::move(token));
}

Result<std::string> EvalClient::request(const std::string& method, const std::string& target, const std::string& body) {
  asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code failed;
  const auto places = tcp::resolver(io).resolve(host_, port_, failed);
  if (!failed) asio::connect(socket, places, failed);
  if (failed) return unreachable(host_, port_, failed);
  const auto text = head_of(method, target, host_, token_, body.size()) + body;
  asio::write(socket, asio::buffer(text), failed);
  if (failed) return unreachable(host_, port_, failed);
  std::string reply;
  asio::read(socket, asio::dynamic_buffer(reply, reply_bytes_max), failed);
  if (failed && failed != asio::error::eof) return unreachable(host_, port_, failed);
  return body_of(reply);
}

Result<void> EvalClient::begin() {
  auto chat = read_as<Named>(request("POST", "/api/v1/chats", R"({"title":"kinora eval"})"));
  if (!chat) return std::unexpected(std::move(chat.error()));
  chat_ = std::move(chat->id);
  return {};
}

Result<void> EvalClient::end() {
  const auto gone = request("DELETE", "/api/v1/chats/" + chat_, "");
  if (!gone) return std::unexpected(gone.error());
  return {};
}

Result<EvalAnswer> EvalClient::ask(EvalQuestion question) {
  const auto target = fmt::format("/api/v1/search?limit={}&q={}", found_max, percent_encoded(question.question));
  const auto found = read_as<Listed<EvalPassage>>(request("GET", target, ""));
  if (!found) return std::unexpected(found.error());
  const auto body = R"({"content":)" + to_json(question.question) + '}';
  const auto answered = read_as<Exchange>(request("POST", "/api/v1/chats/" + chat_ + "/messages", body));
  if (!answered) return std::unexpected(answered.error());
  EvalAnswer answer{std::move(question), found->data, answered->reply.citations};
  for (const auto& quote : answer.cited) {
    const auto said = is_said(quote);
    if (!said) return std::unexpected(said.error());
    answer.verbatim += *said ? 1 : 0;
  }
  return answer;
}

Result<bool> EvalClient::is_said(const EvalPassage& quote) {
  if (!transcripts_.contains(quote.video_id)) {
    auto read = read_as<Transcript>(request("GET", "/api/v1/videos/" + quote.video_id + "/transcript?words=false", ""));
    if (!read) return std::unexpected(std::move(read.error()));
    transcripts_.emplace(quote.video_id, std::move(read->transcript_text));
  }
  return transcripts_.at(quote.video_id).contains(quote.text);
}

}  // namespace kinora::app
