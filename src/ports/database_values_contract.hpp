#pragma once

#include <gtest/gtest.h>

#include <limits>

#include "base/tests/run.hpp"
#include "ports/database.hpp"

/// What every Database adapter must do with values and statements. Engine: see database_contract.hpp.
namespace kinora::database_values_contract {

enum class Colour : std::uint8_t { red, green };

}  // namespace kinora::database_values_contract

template <>
struct kinora::Names<kinora::database_values_contract::Colour> {
  using enum database_values_contract::Colour;
  static constexpr auto table =
      std::to_array<std::pair<database_values_contract::Colour, std::string_view>>({{red, "red"}, {green, "green"}});
};

namespace kinora::database_values_contract {

using testing::run;

inline constexpr Migration tables[] = {{"contract", 1, R"(
CREATE TABLE samples (id @ID PRIMARY KEY, whole @INT, part @REAL, flag @BOOL, words @TEXT, object @JSON, moment @TIME, raw @BYTES);
)"}};

struct Sample {
  VideoId id{};
  std::optional<std::int64_t> whole{};
  std::optional<double> part{};
  std::optional<bool> flag{};
  std::optional<std::string> words{};
  std::optional<Colour> object{};
  std::optional<Time> moment{};
  std::optional<Bytes> raw{};

  friend bool operator==(const Sample&, const Sample&) = default;
};

inline constexpr Sql add_sample{
    "INSERT INTO samples (id, whole, part, flag, words, object, moment, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
inline constexpr Sql sample_by_id{"SELECT id, whole, part, flag, words, object, moment, raw FROM samples WHERE id = $1"};

inline Task<Result<Sample>> there_and_back(Transaction tx, Sample sample) {
  co_await ok(tx.change(add_sample, sample.id, sample.whole, sample.part, sample.flag, sample.words, sample.object,
                        sample.moment, sample.raw));
  co_return co_await tx.one<Sample>(sample_by_id, sample.id);
}
inline Task<Result<std::int64_t>> whole_as_number(Transaction tx, VideoId id) {
  co_await ok(tx.change(Sql{"INSERT INTO samples (id) VALUES ($1)"}, id));
  co_return co_await tx.one<std::int64_t>(Sql{"SELECT whole FROM samples WHERE id = $1"}, id);
}
inline Task<Result<std::uint8_t>> byte_of(Transaction tx, std::int64_t number) {
  co_return co_await tx.one<std::uint8_t>(Sql{"SELECT CAST($1 AS @INT)"}, number);
}
inline Task<Result<std::string>> crossed_parameters(Transaction tx) {
  constexpr Sql join{R"(SELECT CAST($2 AS @TEXT) || ' $1 ? @ID ' || CAST($1 AS @TEXT) || CAST($2 AS @TEXT))"};
  co_return co_await tx.one<std::string>(join, std::string("one"), std::string("two"));
}
inline Task<Result<std::vector<std::int64_t>>> counts_of_changes(Transaction tx, VideoId first, VideoId second) {
  constexpr Sql add{"INSERT INTO samples (id, whole) VALUES ($1, 1), ($2, 1) ON CONFLICT (id) DO NOTHING"};
  std::vector<std::int64_t> counts;
  counts.push_back(co_await ok(tx.change(add, first, second)));
  counts.push_back(co_await ok(tx.change(add, first, second)));
  counts.push_back(co_await ok(tx.change(Sql{"UPDATE samples SET whole = 2 WHERE id = $1"}, first)));
  counts.push_back(co_await ok(tx.change(Sql{"SELECT id FROM samples"})));
  co_return counts;
}
inline Task<Result<std::vector<std::int64_t>>> returned_by_an_update(Transaction tx, VideoId first, VideoId second) {
  co_await ok(tx.change(Sql{"INSERT INTO samples (id, whole) VALUES ($1, 1), ($2, 1)"}, first, second));
  co_return co_await tx.all<std::int64_t>(Sql{"UPDATE samples SET whole = whole + 4 RETURNING whole"});
}
inline Task<Result<std::int64_t>> the_one_that_is_not(Transaction tx) {
  co_return co_await tx.one<std::int64_t>(Sql{"SELECT whole FROM samples WHERE whole = 9"});
}
inline Task<Result<std::optional<std::int64_t>>> find_what_is_not(Transaction tx) {
  co_return co_await tx.find<std::int64_t>(Sql{"SELECT whole FROM samples WHERE whole = 9"});
}
inline Task<Result<std::vector<VideoId>>> claim(Transaction tx) {
  co_return co_await tx.all<VideoId>(Sql{"SELECT id FROM samples WHERE flag ORDER BY id LIMIT 5 @skip_locked"});
}
inline Task<Result<Time>> database_time(Transaction tx) { co_return co_await tx.one<Time>(Sql{"SELECT db_now()"}); }
inline Task<Result<Sample>> too_few_columns(Transaction tx) { co_return co_await tx.one<Sample>(Sql{"SELECT 1, 2"}); }

inline VideoId id_of(std::uint8_t number) {
  VideoId id;
  id.uuid.bytes[15] = number;
  return id;
}

template <class Engine>
class DatabaseValuesContract : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(run(engine_.database().migrate({std::begin(tables), std::end(tables)}))); }

  template <class Body, class... Args>
  auto write(Body body, Args... args) {
    return run(engine_.database().transact(Caller::system("contract"), body, args...));
  }
  void expect_round_trip(const Sample& sample) {
    const auto back = write(there_and_back, sample);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(*back == sample);
  }

 private:
  Engine engine_;
};
TYPED_TEST_SUITE_P(DatabaseValuesContract);

TYPED_TEST_P(DatabaseValuesContract, KeepsNulls) { this->expect_round_trip({.id = id_of(1)}); }

TYPED_TEST_P(DatabaseValuesContract, KeepsTheLimitsOfWholeNumbers) {
  this->expect_round_trip({.id = id_of(1), .whole = std::numeric_limits<std::int64_t>::min()});
  this->expect_round_trip({.id = id_of(2), .whole = std::numeric_limits<std::int64_t>::max()});
  this->expect_round_trip({.id = id_of(3), .whole = 0});
}

TYPED_TEST_P(DatabaseValuesContract, KeepsEveryBitOfReals) {
  std::uint8_t number = 0;
  for (const double each : {0.0, 0.1, 1.0 / 3, -2.5e-300, std::numeric_limits<double>::max(),
                            std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::infinity()})
    this->expect_round_trip({.id = id_of(number++), .part = each});
}

TYPED_TEST_P(DatabaseValuesContract, KeepsFlags) {
  this->expect_round_trip({.id = id_of(1), .flag = true});
  this->expect_round_trip({.id = id_of(2), .flag = false});
}

TYPED_TEST_P(DatabaseValuesContract, KeepsEveryKindOfText) {
  std::uint8_t number = 0;
  for (const auto* each : {"", "'; DROP TABLE samples; --", "\"$1\" ?1 @ID", "Xin chào 🎬 日本語 e\xCC\x81", "a\r\n\tb\\n"})
    this->expect_round_trip({.id = id_of(number++), .words = each});
}

TYPED_TEST_P(DatabaseValuesContract, KeepsEmptyAndBinaryBytes) {
  Bytes all(256);
  for (std::size_t at = 0; at < all.size(); ++at) all[at] = static_cast<std::byte>(at);
  this->expect_round_trip({.id = id_of(1), .raw = Bytes()});
  this->expect_round_trip({.id = id_of(2), .raw = all});
}

TYPED_TEST_P(DatabaseValuesContract, KeepsMomentsToTheMicrosecond) {
  this->expect_round_trip({.id = id_of(1), .moment = Time(std::chrono::microseconds(1795251661123456))});
  this->expect_round_trip({.id = id_of(2), .moment = Time(std::chrono::microseconds(-1))});
}

TYPED_TEST_P(DatabaseValuesContract, KeepsEnumsByTheirName) {
  this->expect_round_trip({.id = id_of(1), .object = Colour::green});
}

TYPED_TEST_P(DatabaseValuesContract, RefusesNullWhereTheRowHasNoPlaceForIt) {
  EXPECT_EQ(this->write(whole_as_number, id_of(1)).error().kind, ErrorKind::internal);
}

TYPED_TEST_P(DatabaseValuesContract, RefusesANumberThatItsMemberCannotHold) {
  EXPECT_EQ(this->write(byte_of, 255).value(), 255);
  EXPECT_EQ(this->write(byte_of, 256).error().kind, ErrorKind::internal);
  EXPECT_EQ(this->write(byte_of, -1).error().kind, ErrorKind::internal);
}

TYPED_TEST_P(DatabaseValuesContract, RefusesAnotherNumberOfColumnsThanTheRowHas) {
  this->expect_round_trip({.id = id_of(1)});
  EXPECT_EQ(this->write(too_few_columns).error().kind, ErrorKind::internal);
}

TYPED_TEST_P(DatabaseValuesContract, TakesParametersByNumberAndLeavesLiteralsAlone) {
  EXPECT_EQ(this->write(crossed_parameters).value(), "two $1 ? @ID onetwo");
}

TYPED_TEST_P(DatabaseValuesContract, CountsTheRowsThatChanged) {
  EXPECT_EQ(this->write(counts_of_changes, id_of(1), id_of(2)).value(), (std::vector<std::int64_t>{2, 0, 1, 0}));
}

TYPED_TEST_P(DatabaseValuesContract, GivesTheRowsOfReturning) {
  EXPECT_EQ(this->write(returned_by_an_update, id_of(1), id_of(2)).value(), (std::vector<std::int64_t>{5, 5}));
}

TYPED_TEST_P(DatabaseValuesContract, TellsAMissingRowFromAnError) {
  EXPECT_EQ(this->write(the_one_that_is_not).error().kind, ErrorKind::not_found);
  EXPECT_EQ(this->write(find_what_is_not).value(), std::nullopt);
}

TYPED_TEST_P(DatabaseValuesContract, KnowsHowToSkipLockedRows) {
  this->expect_round_trip({.id = id_of(1), .flag = true});
  this->expect_round_trip({.id = id_of(2), .flag = false});

  EXPECT_EQ(this->write(claim).value(), std::vector{id_of(1)});
}

TYPED_TEST_P(DatabaseValuesContract, TellsTheTime) {
  EXPECT_GT(this->write(database_time).value(), Time(std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)));
}

REGISTER_TYPED_TEST_SUITE_P(DatabaseValuesContract, KeepsNulls, KeepsTheLimitsOfWholeNumbers, KeepsEveryBitOfReals, KeepsFlags,
                            KeepsEveryKindOfText, KeepsEmptyAndBinaryBytes, KeepsMomentsToTheMicrosecond, KeepsEnumsByTheirName,
                            RefusesNullWhereTheRowHasNoPlaceForIt, RefusesANumberThatItsMemberCannotHold,
                            RefusesAnotherNumberOfColumnsThanTheRowHas, TakesParametersByNumberAndLeavesLiteralsAlone,
                            CountsTheRowsThatChanged, GivesTheRowsOfReturning, TellsAMissingRowFromAnError,
                            KnowsHowToSkipLockedRows, TellsTheTime);

}  // namespace kinora::database_values_contract
