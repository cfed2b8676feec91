#include "api/shared/intake.hpp"
#include "api/v1/resources.hpp"
#include "base/deadline.hpp"

namespace kinora::api::v1 {

namespace {

// As large as the socket is read at once: bytes go from there to the hash and the disk without another copy.
constexpr std::size_t piece_bytes = 1 << 20;

/// What the form has said so far; fields come in any order.
struct Form {
  std::optional<media::Intake> intake{};
  std::vector<std::byte> head{};  ///< the first bytes of the file
  std::string filename;
  VideoFields fields;
};

void keep_head(std::vector<std::byte>& head, std::span<const std::byte> bytes) {
  const auto wanted = MediaTool::recognised_bytes - head.size();
  head.insert(head.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), wanted)));
}

Task<Result<void>> receive_file(Services& app, http::Multipart& parts, Form& form) {
  std::vector<std::byte> piece(piece_bytes);
  std::uint64_t received = 0;
  while (true) {
    const auto size = co_await ok(parts.read(piece));
    if (size == 0) co_return {};
    received += size;
    if (received > app.upload_bytes_max)
      co_return fail(ErrorKind::too_large, "the file is larger than " + std::to_string(app.upload_bytes_max) + " bytes");
    keep_head(form.head, std::span(piece).first(size));
    co_await ok(form.intake->writer->append(std::span(piece).first(size)));
  }
}

Task<Result<void>> read_form(Services& app, Caller caller, http::Multipart& parts, Form& form) {
  while (auto part = co_await ok(parts.next_part())) {
    if (!part->filename) {
      const auto text = co_await ok(parts.read_text());
      co_await ok(set_field(form.fields, "/body", part->name, text));
    } else if (form.intake) {
      co_return wrong_field("/body", "file", "too_many", "may come only once");
    } else {
      form.filename = *part->filename;
      form.intake = co_await ok(app.media.receive(caller));
      co_await ok(receive_file(app, parts, form));
    }
  }
  if (!form.intake) co_return wrong_field("/body", "file", "required", "is missing");
  // A body may take an hour, in which the session, or the account, can end.
  if (!co_await ok(app.accounts.is_still_in(caller)))
    co_return fail(ErrorKind::unauthorised, "you were signed out meanwhile; sign in and send the file again");
  co_return app.media.look_at(form.head);
}

http::Created<UploadedView> created(VideoView video, const std::optional<jobs::Job>& job) {
  auto location = "/api/v1/videos/" + video.id.text();
  return {std::move(location), {std::move(video), view_of(job.value_or(jobs::Job{}))}};
}

Task<Result<http::Created<UploadedView>>> accept(Services& app, Caller caller, Form form) {
  auto said = new_video(std::move(form.fields));
  auto accepted = co_await ok(app.media.accept(caller, *std::move(form.intake), std::move(form.filename), std::move(said)));
  auto video = co_await ok(show(app, caller, accepted.video.id));
  const auto job = co_await ok(app.queue.find(caller, accepted.root_job));
  co_return created(std::move(video), job);
}

}  // namespace

Task<Result<http::Created<UploadedView>>> upload_video(Services& app, Caller caller, UploadVideo ask) {
  Form form;
  auto read = co_await read_form(app, caller, ask.body, form);
  if (!read) {
    const Shield clean_up(co_await this_fiber);
    if (form.intake) static_cast<void>(co_await within(10s, form.intake->writer->abort()));
    co_return std::unexpected(std::move(read.error()));
  }
  co_return co_await accept(app, std::move(caller), std::move(form));
}

Task<Result<http::Created<UploadedView>>> uploaded_video(Services& app, Caller caller, VideoId id) {
  const auto owned = co_await ok(app.media.owned(caller, id));
  auto video = co_await ok(show(app, caller, id));
  const auto job = co_await ok(app.queue.find(caller, owned.video().root_job.value_or(JobId{})));
  co_return created(std::move(video), job);
}

}  // namespace kinora::api::v1
