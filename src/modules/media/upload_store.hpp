#pragma once

#include <optional>

#include "modules/media/media.hpp"

/// All SQL over `uploads`. Every function is, or runs inside, a transaction body.
namespace kinora::media {

Task<Result<void>> insert_upload(Transaction tx, Upload upload);
Task<Result<std::optional<Upload>>> find_upload(Transaction tx, UploadId id);
/// Once: a length that was told before stays, and another one yields conflict.
Task<Result<void>> set_upload_length(Transaction tx, UploadId id, std::int64_t length);
Task<Result<void>> complete_upload(Transaction tx, UploadId id);
/// Uploads past their time, at most `limit`.
Task<Result<std::vector<Upload>>> expired_uploads(Transaction tx, Time now, std::int64_t limit);
Task<Result<void>> delete_upload(Transaction tx, UploadId id);

}  // namespace kinora::media
