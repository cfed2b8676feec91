#include "base/numbers.hpp"

#include <gtest/gtest.h>

namespace kinora {

namespace {

TEST(NumberOf, IsTheWholeTextOrNothing) {
  EXPECT_EQ(number_of<int>("42"), 42);
  EXPECT_EQ(number_of<int>("-7"), -7);
  EXPECT_EQ(number_of<double>("0.25"), 0.25);
  for (const auto* text : {"", " 42", "42 ", "+42", "4,2", "0x2a", "42.0"})
    EXPECT_EQ(number_of<int>(text), std::nullopt) << text;
}

TEST(NumberOf, FitsItsType) {
  EXPECT_EQ(number_of<unsigned>("-1"), std::nullopt);
  EXPECT_EQ(number_of<std::uint8_t>("255"), 255);
  EXPECT_EQ(number_of<std::uint8_t>("256"), std::nullopt);
}

}  // namespace

}  // namespace kinora
