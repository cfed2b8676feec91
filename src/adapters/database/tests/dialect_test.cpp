#include "adapters/database/dialect.hpp"

#include <gtest/gtest.h>

namespace kinora {
namespace {

TEST(DatabaseDialect, TurnsTypeWordsIntoTheEnginesTypes) {
  constexpr auto portable = "CREATE TABLE t (a @ID, b @INT, c @REAL, d @BOOL, e @TEXT, f @JSON, g @TIME, h @BYTES)";

  EXPECT_EQ(expand(Dialect::sqlite, portable),
            "CREATE TABLE t (a TEXT, b INTEGER, c REAL, d INTEGER, e TEXT, f TEXT, g INTEGER, h BLOB)");
  EXPECT_EQ(expand(Dialect::postgresql, portable),
            "CREATE TABLE t (a TEXT, b BIGINT, c DOUBLE PRECISION, d BOOLEAN, e TEXT, f TEXT, g BIGINT, h BYTEA)");
}

TEST(DatabaseDialect, SkipsLockedRowsWhereRowsCanBeLocked) {
  EXPECT_EQ(expand(Dialect::sqlite, "SELECT 1 @skip_locked"), "SELECT 1 ");
  EXPECT_EQ(expand(Dialect::postgresql, "SELECT 1 @skip_locked"), "SELECT 1 FOR UPDATE SKIP LOCKED");
}

TEST(DatabaseDialect, NumbersParametersAsTheEngineDoes) {
  EXPECT_EQ(expand(Dialect::sqlite, "$2 + $10"), "?2 + ?10");
  EXPECT_EQ(expand(Dialect::postgresql, "$2 + $10"), "$2 + $10");
}

TEST(DatabaseDialect, LeavesLiteralsNamesAndCommentsAlone) {
  for (const auto* text : {"'$1 @ID ''$2'' '", "\"$1 @INT\"", "-- $1 @ID\n", "/* $1 ' @ID */", "'open $1"})
    EXPECT_EQ(expand(Dialect::sqlite, text), text);
}

TEST(DatabaseDialect, LeavesWordsThatAreNoneOfOursAlone) {
  EXPECT_EQ(expand(Dialect::sqlite, "a @> b, @IDENTITY, @"), "a @> b, @IDENTITY, @");
}

TEST(DatabaseDialect, SplitsAScriptAtItsSemicolons) {
  const auto statements = split_statements("-- first; step\nCREATE a;\n\n CREATE b DEFAULT ';' /* ; */;\n-- end;\n");

  EXPECT_EQ(statements, (std::vector<std::string>{"-- first; step\nCREATE a", "\n\n CREATE b DEFAULT ';' /* ; */"}));
}

}  // namespace
}  // namespace kinora
