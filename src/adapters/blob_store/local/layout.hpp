#pragma once

#include <filesystem>
#include <string>

#include "ports/blob_store.hpp"

namespace kinora {

/// A writer's token: where its bytes lie, and what they will be called.
struct WriterToken {
  std::string name;  ///< of Random::token()
  BlobKey key;

  std::string text() const { return name + ':' + key.text; }
  static Result<WriterToken> parse(std::string_view text);
};

/// Where a local store keeps what. The folder itself is 0700; a blob is 0444, so that a jailed child that was handed its
/// descriptor may read it although it could never walk here.
///   blobs/<aa>/<key with '~' for '/'>                published
///   staging/<hash of the key>.<name>.part, .state    being written; more than one writer may try a key
///   lent/<random>                                    materialised for a child: second names of blobs
///   damaged/<key with '~' for '/'>                   set aside
struct BlobLayout {
  std::filesystem::path folder;

  std::filesystem::path blobs() const { return folder / "blobs"; }
  std::filesystem::path staging() const { return folder / "staging"; }
  std::filesystem::path lent() const { return folder / "lent"; }
  std::filesystem::path damaged() const { return folder / "damaged"; }
  std::filesystem::path blob(const BlobKey& key) const;
  std::filesystem::path part(const WriterToken& token) const { return staged(token, ".part"); }
  std::filesystem::path state(const WriterToken& token) const { return staged(token, ".state"); }
  /// How the names of all that is staged under a key begin.
  static std::string staged_prefix(const BlobKey& key);

 private:
  std::filesystem::path staged(const WriterToken& token, std::string_view ending) const;
};

}  // namespace kinora
