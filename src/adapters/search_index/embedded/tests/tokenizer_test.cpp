#include "adapters/search_index/embedded/tokenizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kinora::search_terms {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Tokenizer, FoldsCaseAndKeepsDigits) {
  EXPECT_THAT(of_text("Dial 5-0-0, then 8500!"), ElementsAre("dial", "5", "0", "0", "then", "8500"));
}

TEST(Tokenizer, DropsVietnameseAccentsWhateverTheirForm) {
  EXPECT_THAT(of_text("Đắk Lắk phở đường"), ElementsAre("dak", "lak", "pho", "duong"));
  EXPECT_THAT(of_text("pho\xcc\x9b\xcc\x89"), ElementsAre("pho"));
}

TEST(Tokenizer, TakesLettersThatNoDecompositionTakesApart) {
  EXPECT_THAT(of_text("Łódź Ærø Œuvre straße ﬁne"), ElementsAre("lodz", "aero", "oeuvre", "strasse", "fine"));
}

TEST(Tokenizer, GivesCharactersAndPairsOfUnspacedScripts) {
  EXPECT_THAT(of_text("我喝绿茶 ok"), ElementsAre("我", "我喝", "喝", "喝绿", "绿", "绿茶", "茶", "ok"));
}

TEST(Tokenizer, KeepsTheVoicingOfKana) { EXPECT_THAT(of_text("が"), ElementsAre("が")); }

TEST(Tokenizer, CutsElisionsAndPossessivesAndJoinsContractions) {
  EXPECT_THAT(of_text("l'eau d’un party's don't 'quoted'"), ElementsAre("l", "eau", "d", "un", "party", "dont", "quoted"));
}

TEST(Tokenizer, LooksForPairsOnlyUnlessACharacterStandsAlone) {
  EXPECT_THAT(of_query("绿茶"), ElementsAre("绿茶"));
  EXPECT_THAT(of_query("茶"), ElementsAre("茶"));
}

TEST(Tokenizer, LooksForEachTermOnce) { EXPECT_THAT(of_query("To be or not to be"), ElementsAre("be", "not", "or", "to")); }

TEST(Tokenizer, TreatsSearchSyntaxAsText) {
  EXPECT_THAT(of_query("\"a b\" OR c* NEAR(x) -y: ^z"), ElementsAre("a", "b", "c", "near", "or", "x", "y", "z"));
}

TEST(Tokenizer, SeparatesAtBytesThatAreNotUtf8) { EXPECT_THAT(of_text("one\xff\xfetwo"), ElementsAre("one", "two")); }

TEST(Tokenizer, CutsLongTermsAtACharacter) {
  const auto terms = of_text(std::string(63, 'a') + "é" + std::string(500, 'b'));

  ASSERT_EQ(terms.size(), 1U);
  EXPECT_LE(terms.front().size(), term_size_max);
}

TEST(Tokenizer, FindsNothingInPunctuation) {
  EXPECT_THAT(of_text(" '... ’ — \n"), IsEmpty());
  EXPECT_THAT(of_text(""), IsEmpty());
}

}  // namespace
}  // namespace kinora::search_terms
