#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace kinora {

/// RFC 9562. As text either canonical (lower case, dashes: what the database keeps) or, behind a prefix, as 26 lower-case
/// Crockford base32 digits that sort by time.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
  bool is_nil() const { return *this == Uuid{}; }
  std::string canonical() const;
  std::string base32() const;
};

/// Version 7: milliseconds first, so ids sort by birth. `random` are the 10 bytes after the time; 6 bits of them are
/// overwritten.
Uuid make_uuid7(Time now, std::array<std::uint8_t, 10> random);
std::optional<Uuid> parse_canonical_uuid(std::string_view text);
std::optional<Uuid> parse_base32_uuid(std::string_view text);

/// An id of one kind of thing: ids of different kinds do not convert. `Kind` names the prefix of the wire form.
template <class Kind>
struct Id {
  Uuid uuid;

  friend auto operator<=>(const Id&, const Id&) = default;
  /// The database's form.
  std::string canonical() const { return uuid.canonical(); }
  /// The native API's form: vid_01h...
  std::string text() const { return std::string(Kind::prefix) + '_' + uuid.base32(); }

  /// Either form; another kind's prefix is no id of this kind.
  static std::optional<Id> parse(std::string_view text) {
    constexpr auto head = Kind::prefix.size() + 1;
    std::optional<Uuid> uuid;
    if (text.size() == head + 26 && text.starts_with(Kind::prefix) && text[head - 1] == '_')
      uuid = parse_base32_uuid(text.substr(head));
    else
      uuid = parse_canonical_uuid(text);
    return uuid ? std::optional(Id{*uuid}) : std::nullopt;
  }
};

// clang-format off
struct UserKind       { static constexpr std::string_view prefix = "usr"; };
struct SessionKind    { static constexpr std::string_view prefix = "ses"; };
struct ApiKeyKind     { static constexpr std::string_view prefix = "key"; };
struct InviteKind     { static constexpr std::string_view prefix = "inv"; };
struct UploadKind     { static constexpr std::string_view prefix = "upl"; };
struct VideoKind      { static constexpr std::string_view prefix = "vid"; };
struct VariantKind    { static constexpr std::string_view prefix = "var"; };
struct AssetKind      { static constexpr std::string_view prefix = "ast"; };
struct TranscriptKind { static constexpr std::string_view prefix = "trn"; };
struct SegmentKind    { static constexpr std::string_view prefix = "seg"; };
struct SummaryKind    { static constexpr std::string_view prefix = "sum"; };
struct ChapterKind    { static constexpr std::string_view prefix = "chp"; };
struct ChunkKind      { static constexpr std::string_view prefix = "chk"; };
struct ChatKind       { static constexpr std::string_view prefix = "cht"; };
struct MessageKind    { static constexpr std::string_view prefix = "msg"; };
struct CitationKind   { static constexpr std::string_view prefix = "cit"; };
struct ChannelKind    { static constexpr std::string_view prefix = "chn"; };
struct JobKind        { static constexpr std::string_view prefix = "job"; };
struct EventKind      { static constexpr std::string_view prefix = "evt"; };
struct BlobKind       { static constexpr std::string_view prefix = "blb"; };
struct RequestKind    { static constexpr std::string_view prefix = "req"; };
// clang-format on

using UserId = Id<UserKind>;
using SessionId = Id<SessionKind>;
using ApiKeyId = Id<ApiKeyKind>;
using InviteId = Id<InviteKind>;
using UploadId = Id<UploadKind>;
using VideoId = Id<VideoKind>;
using VariantId = Id<VariantKind>;
using AssetId = Id<AssetKind>;
using TranscriptId = Id<TranscriptKind>;
using SegmentId = Id<SegmentKind>;
using SummaryId = Id<SummaryKind>;
using ChapterId = Id<ChapterKind>;
using ChunkId = Id<ChunkKind>;
using ChatId = Id<ChatKind>;
using MessageId = Id<MessageKind>;
using CitationId = Id<CitationKind>;
using ChannelId = Id<ChannelKind>;
using JobId = Id<JobKind>;
using EventId = Id<EventKind>;
using BlobId = Id<BlobKind>;
using RequestId = Id<RequestKind>;

}  // namespace kinora
