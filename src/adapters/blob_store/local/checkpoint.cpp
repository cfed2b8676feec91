#include "adapters/blob_store/local/checkpoint.hpp"

#include <algorithm>

#include "base/numbers.hpp"

namespace kinora {

namespace {

// kinora-checkpoint-1 <number> <offset> <state of the hash> <sha256 of all before>\n, then zeros.
constexpr std::string_view mark = "kinora-checkpoint-1";

std::string checksum_of(std::string_view text) {
  RunningSha256 hash;
  hash.feed(bytes_of(text));
  return hash.digest().hex;
}

/// The next word, with the space after it removed from `text`.
std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<Checkpoint> parse_slot(std::string_view slot) {
  const auto line = slot.substr(0, slot.find('\n'));
  const auto body = line.substr(0, line.rfind(' '));
  if (body.size() == line.size() || line.substr(body.size() + 1) != checksum_of(body)) return std::nullopt;

  auto rest = body;
  if (take_word(rest) != mark) return std::nullopt;
  const auto number = number_of<std::uint64_t>(take_word(rest));
  const auto offset = number_of<std::uint64_t>(take_word(rest));
  if (!number || !offset) return std::nullopt;
  const auto hash = RunningSha256::load(take_word(rest), *offset);
  return hash ? std::optional(Checkpoint{*number, *offset, *hash}) : std::nullopt;
}

}  // namespace

Bytes Checkpoint::slot() const {
  auto text = std::string(mark) + ' ' + std::to_string(number) + ' ' + std::to_string(offset_bytes) + ' ' + hash.save();
  text += ' ' + checksum_of(text) + '\n';
  text.resize(slot_bytes);
  const auto bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

Checkpoint latest_checkpoint(std::span<const std::byte> state_file) {
  Checkpoint latest;
  for (std::size_t at = 0; at < 2 * Checkpoint::slot_bytes && at < state_file.size(); at += Checkpoint::slot_bytes) {
    const auto slot = text_of(state_file.subspan(at, std::min(Checkpoint::slot_bytes, state_file.size() - at)));
    if (auto found = parse_slot(slot); found && found->number > latest.number) latest = *found;
  }
  return latest;
}

}  // namespace kinora
