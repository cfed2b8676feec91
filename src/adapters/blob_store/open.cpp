#include "adapters/blob_store/open.hpp"

#include <filesystem>

#include "adapters/blob_store/local/local_blob_store.hpp"

namespace kinora {

namespace {

/// Empty for a bare path; a path may hold a colon, a scheme holds no slash before it.
std::string scheme_of(const std::string& url) {
  const auto colon = url.find(':');
  return colon == std::string::npos || url.find('/') < colon ? std::string() : url.substr(0, colon);
}

}  // namespace

Result<std::unique_ptr<BlobStore>> open_blob_store(BlobStoreSettings settings, Pool& files, Random& random) {
  const auto scheme = scheme_of(settings.url);
  if (!scheme.empty() && scheme != "file")  // never the URL itself: it may hold a password
    return fail(ErrorKind::unsupported, "this program has no blob store adapter for '" + scheme + ":'; give file:<folder>");

  auto path = scheme.empty() ? settings.url : settings.url.substr(scheme.size() + 1);
  if (path.starts_with("//")) path.erase(0, 2);
  if (path.empty()) return fail(ErrorKind::invalid, "the blob store needs a folder; give file:<folder>");
  const LocalBlobSettings local{std::filesystem::absolute(path), settings.free_bytes_min, settings.access};
  return open_local_blob_store(local, files, random);
}

}  // namespace kinora
