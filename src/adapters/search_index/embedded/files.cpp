#include "adapters/search_index/embedded/files.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <vector>

#include "adapters/search_index/embedded/tokenizer.hpp"
#include "adapters/search_index/embedded/vectors.hpp"

namespace kinora::search_file {

namespace {

// Part of the key: an index that another version of the schema or of the tokenizer wrote is made anew.
constexpr int schema_version = 1;
constexpr int format = schema_version * 1000 + search_terms::version;

// Numbers of videos are never used twice: postings that outlive their video by a fault then point nowhere, not to another's.
constexpr auto schema = R"sql(
CREATE TABLE shelves (number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL UNIQUE);
CREATE TABLE vector_files (number INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, dimension INTEGER NOT NULL,
  slots INTEGER NOT NULL DEFAULT 0, alive INTEGER NOT NULL DEFAULT 0);
CREATE TABLE videos (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, shelf INTEGER NOT NULL,
  is_public INTEGER NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, chunks INTEGER NOT NULL, terms INTEGER NOT NULL,
  vector_file INTEGER NOT NULL, first_slot INTEGER NOT NULL);
CREATE INDEX videos_of_shelf ON videos (shelf, number);
CREATE INDEX videos_public ON videos (number) WHERE is_public = 1;
CREATE INDEX videos_of_vector_file ON videos (vector_file, first_slot);
CREATE TABLE chunks (number INTEGER PRIMARY KEY, id TEXT NOT NULL, starts REAL NOT NULL, ends REAL NOT NULL,
  text TEXT NOT NULL, vector BLOB);
CREATE TABLE postings (shelf INTEGER NOT NULL, term TEXT NOT NULL, video INTEGER NOT NULL, list BLOB NOT NULL,
  PRIMARY KEY (shelf, term, video)) WITHOUT ROWID;
)sql";

std::int64_t read_format(Connection& connection) {
  Statement statement(connection, "PRAGMA user_version");
  statement.start();
  return statement.next() ? statement.integer(0) : 0;
}

Result<void> make_schema(Connection& connection) {
  Session writing(connection, Access::write);
  connection.execute(schema);
  connection.execute("PRAGMA user_version = " + std::to_string(format));
  return writing.end();
}

bool is_vector_file(const std::filesystem::path& path) {
  const auto name = path.filename().string();
  return name.starts_with("vectors.") && name.ends_with(".bin");
}

}  // namespace

Result<std::unique_ptr<Files>> Files::open(std::filesystem::path folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return fail(ErrorKind::unavailable, "the search folder " + folder.string() + " cannot be made: " + failed.message());
  std::unique_ptr<Files> files(new Files(std::move(folder)));
  auto loaded = files->load();
  if (!loaded && loaded.error().code == "damaged") {
    auto why = std::move(loaded.error().message);
    if (auto removed = files->remove_all(); !removed) return std::unexpected(std::move(removed.error()));
    loaded = files->load();
    files->made_anew_ = std::move(why);
  }
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  files->remove_strays();
  return files;
}

Result<void> Files::load() {
  spaces_.with([](Spaces& spaces) { spaces.clear(); });
  auto connection = connect();
  if (!connection) return std::unexpected(std::move(connection.error()));
  auto& reading = **connection;
  const auto found = read_format(reading);
  if (auto read = reading.outcome(); !read) return read;
  if (found == 0) return make_schema(reading);
  if (found != format) return fail(ErrorKind::conflict, "the index has another format than this version writes", "damaged");
  return load_vectors(reading);
}

Result<void> Files::load_vectors(Connection& connection) {
  Statement rows(connection, "SELECT number, model, dimension, slots FROM vector_files");
  for (rows.start(); rows.next();) {
    const auto number = rows.integer(0);
    const auto dimension = static_cast<std::size_t>(rows.integer(2));
    const auto used = static_cast<std::size_t>(rows.integer(3)) * search_vectors::slot_size(dimension);
    auto file = search_vectors::VectorFile::open(vector_path(number), used);
    if (!file) return std::unexpected(std::move(file.error()));
    auto space = std::make_shared<const VectorSpace>(std::string(rows.text(1)), dimension, *std::move(file));
    spaces_.with([&](Spaces& spaces) { spaces[number] = std::move(space); });
  }
  return connection.outcome();
}

std::shared_ptr<const VectorSpace> Files::vectors(std::int64_t number) const {
  auto space = spaces_.with([&](const Spaces& spaces) {
    const auto found = spaces.find(number);
    return found == spaces.end() ? nullptr : found->second;
  });
  if (space) return space;
  return retired_.with([&](const Retired& retired) { return retired.number == number ? retired.space : nullptr; });
}

Result<std::shared_ptr<const VectorSpace>> Files::open_vectors(std::int64_t number, const std::string& model,
                                                               std::size_t dimension) {
  // A number whose row was rolled back comes again, maybe for another model.
  if (auto known = vectors(number); known && known->model == model && known->dimension == dimension) return known;
  auto file = search_vectors::VectorFile::open(vector_path(number), 0);
  if (!file) return std::unexpected(std::move(file.error()));
  auto space = std::make_shared<const VectorSpace>(model, dimension, *std::move(file));
  spaces_.with([&](Spaces& spaces) { spaces[number] = space; });
  return space;
}

void Files::retire_vectors(std::int64_t number) {
  auto old = spaces_.with([&](Spaces& spaces) {
    auto node = spaces.extract(number);
    return node.empty() ? nullptr : std::move(node.mapped());
  });
  retired_.with([&](auto& retired) { retired = {number, std::move(old)}; });
  std::error_code stays;  // then remove_strays() takes it at the next start
  std::filesystem::remove(vector_path(number), stays);
}

std::filesystem::path Files::vector_path(std::int64_t number) const {
  return folder_ / ("vectors." + std::to_string(number) + ".bin");
}

Result<void> Files::remove_all() const {
  std::error_code failed;
  for (const char* name : {"search.db", "search.db-wal", "search.db-shm"}) std::filesystem::remove(folder_ / name, failed);
  if (failed) return fail(ErrorKind::unavailable, "the damaged search index cannot be removed: " + failed.message());
  return {};
}

void Files::remove_strays() const {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    const bool wanted = spaces_.with([&](const Spaces& spaces) {
      return std::ranges::any_of(spaces, [&](const auto& each) { return vector_path(each.first) == entry.path(); });
    });
    // A stray that stays costs only space, and is tried again at the next start.
    if (!wanted && is_vector_file(entry.path())) std::filesystem::remove(entry.path(), failed);
  }
}

}  // namespace kinora::search_file
