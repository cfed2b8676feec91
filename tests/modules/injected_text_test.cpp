#include <gmock/gmock.h>

#include "modules/ai/generative.hpp"
#include "modules/ai/outline.hpp"
#include "modules/chat/citations.hpp"
#include "tests/modules/heard_library.hpp"
#include "tests/modules/injections.hpp"

namespace kinora {
namespace {

using namespace kinora::testing;
using ::testing::HasSubstr;
using ::testing::Not;

/// A garden in whose talk somebody says this.
Talk garden_where_is_said(const std::string& text) {
  Talk talk;
  talk.says(0, text).says(0.4, "Every bed has a moisture probe.").says(0.4, "A valve waters the bed for two minutes.");
  return talk.says(2, "A solar panel feeds the battery.").says(0.4, "The battery lasts for three days.");
}

/// The words of an answer that none of its quotes has.
std::string words_of_the_model(const chat::Message& reply) {
  std::string quotes;
  auto text = reply.content;
  for (const auto& citation : reply.citations) {
    const auto line = chat::quoted(citation);
    const auto at = text.find(line);
    EXPECT_NE(at, std::string::npos) << "not quoted: " << line;
    if (at != std::string::npos) text.erase(at, line.size());
    quotes += citation.text + ' ';
  }
  EXPECT_LE(text.size(), ai::sentence_bytes_max + 8);
  EXPECT_EQ(text.find_first_of("<>"), std::string::npos) << text;
  std::string words;
  for (const auto word : ai::words_of(text))
    if (!quotes.contains(word)) words += std::string(word) + ' ';
  return words;
}

/// Every order in one form, in one place, given to a model that obeys.
class InjectedText : public HeardLibrary, public ::testing::WithParamInterface<std::tuple<Place, std::string_view>> {
 protected:
  InjectedText()
      : HeardLibrary([this](const std::string& request) { return wrote(obedient_reply(*obeyed_.load(), request)); }) {}

  /// A chat about a video in whose place the text stands.
  chat::Chat chat_beside(const std::string& text) {
    const auto place = std::get<Place>(GetParam());
    if (place == Place::speech) return open_chat("Garden", {hear(garden_where_is_said(text))});
    change(garden_, [&](media::Video& video) {
      if (place == Place::title) video.title = text;
      if (place == Place::description) video.description = text;
      if (place == Place::tag) video.tags = {text};
    });
    return open_chat(place == Place::chat_title ? text : "Garden", {garden_});
  }

  std::atomic<const Order*> obeyed_ = &orders.front();

 private:
  VideoId garden_ = hear(garden());
};

/// Whatever the model wrote: quotes of this video, and at most a sentence in plain words.
void expect_only_a_quotation(const chat::Message& reply, const ai::Transcript& transcript, const Order& order) {
  EXPECT_FALSE(reply.citations.empty());
  for (const auto& citation : reply.citations) {
    EXPECT_EQ(citation.video_id, transcript.video);
    EXPECT_TRUE(chat::is_verbatim(transcript, citation)) << citation.text;
  }
  const auto own_words = words_of_the_model(reply);
  EXPECT_THAT(own_words, Not(HasSubstr(order.never)));
  EXPECT_EQ(own_words.find_first_of("@:/(){}="), std::string::npos) << own_words;
}

/// What the model was sent has one beginning and one end, whatever stands between them.
void expect_data(const std::string& request) {
  const auto material = request.substr(request.find(R"("role":"user")"));
  EXPECT_EQ(material.find("</passages>"), material.rfind("</passages>"));
  EXPECT_EQ(material.find("<|"), std::string::npos);
}

TEST_P(InjectedText, ComesToNothingButAQuotation) {
  for (const auto& order : orders) {
    const auto text = said_in(std::get<std::string_view>(GetParam()), order.text);
    SCOPED_TRACE(text);
    obeyed_ = &order;
    const auto chat = chat_beside(text);
    const auto before = rows_beside_chats();

    const auto reply = ask(chat, "Which bed has a moisture probe?");

    ASSERT_TRUE(reply) << reply.error().message;
    expect_only_a_quotation(*reply, transcript_of(chat.scope.video_ids.front()), order);
    expect_data(provider_.requests().back());
    EXPECT_EQ(rows_beside_chats(), before);
  }
}

constexpr std::array places{Place::title, Place::description, Place::tag, Place::chat_title, Place::speech};
constexpr std::array names{"ATitle", "ADescription", "ATag", "TheTitleOfAChat", "Speech"};
std::string name_of(const ::testing::TestParamInfo<std::tuple<Place, std::string_view>>& test) {
  return names[test.index / forms.size()] + std::to_string(test.index % forms.size() + 1);
}

INSTANTIATE_TEST_SUITE_P(In, InjectedText, ::testing::Combine(::testing::ValuesIn(places), ::testing::ValuesIn(forms)),
                         name_of);

/// What a model makes of a talk when it obeys this order.
struct Outlined {
  std::string summary;
  std::string titles;
};
Outlined outlined(const Talk& talk, const Order& order) {
  ScriptedProvider provider([&](const std::string& request) { return wrote(obedient_reply(order, request)); });
  ImpatientModel model(provider);
  const auto chapters = ai::chapters_of(talk.segments());
  const auto summary = run(ai::written_summary(model, talk.transcript(), chapters));
  const auto named = run(ai::named_chapters(model, talk.transcript(), chapters));
  Outlined made{summary ? summary->text : std::string(), {}};
  for (const auto& chapter : named.value_or(std::vector<ai::Chapter>())) {
    EXPECT_LE(chapter.title.size(), 70U);
    made.titles += chapter.title + '\n';
  }
  return made;
}

TEST(AnOutline, OfAModelThatObeysIsBoundedTextWithoutMarkup) {
  for (const auto& order : orders)
    for (const auto form : forms) {
      const auto text = said_in(form, order.text);
      SCOPED_TRACE(text);

      const auto made = outlined(garden_where_is_said(text), order);

      EXPECT_LE(made.summary.size(), 6 * ai::sentence_bytes_max);
      for (const auto* sign : {"<", ">", "\u2028", "\u202e"}) EXPECT_THAT(made.summary + made.titles, Not(HasSubstr(sign)));
    }
}

TEST(AnOutline, NeverHasALinkThatWasNotSaid) {
  for (const auto& order : orders) {
    const auto made = outlined(garden(), order);

    for (const auto* link : {"evil", "javascript", "alert", "message.completed"})
      EXPECT_THAT(made.summary + made.titles, Not(HasSubstr(link))) << order.text;
  }
}

/// What an answer from all her videos may stand on.
class AnAnswerFromAllVideos : public HeardLibrary {
 protected:
  AnAnswerFromAllVideos()
      : HeardLibrary([this](const std::string& request) {
          requests_ += request;
          return wrote(to_json(ObedientAnswer{"The launch code of the rocket is tango.", source_++, "The code is tango."}));
        }) {}
  int source_ = 0;
  std::string requests_;
};

TEST_F(AnAnswerFromAllVideos, NeverHasWordsOfAnotherPersonsVideo) {
  hear(Talk().says(0, "The launch code of the rocket is tango."), world_.random.id<UserId>(world_.clock));
  const auto hers = hear(Talk().says(0, "Nobody knows the launch code of the rocket."));
  const auto chat = open_chat("All", {});

  for (int at = 0; at < 5; ++at) {
    const auto reply = ask(chat, "What is the launch code of the rocket?");

    ASSERT_TRUE(reply) << reply.error().message;
    for (const auto& citation : reply->citations) EXPECT_EQ(citation.video_id, hers);
    EXPECT_THAT(reply->content, Not(HasSubstr("tango")));
  }
  EXPECT_THAT(requests_, Not(HasSubstr("tango")));
}

class AQuote : public HeardLibrary {
 protected:
  AQuote() : HeardLibrary([](const std::string&) { return Scripted{.status = "500 Internal Server Error"}; }) {}
};

TEST_F(AQuote, ThatHasAMarkerInItIsShownWithoutOne) {
  const auto video = hear(Talk().says(0, "The probe of bed [2] is said in [99999999999999999999] to be wet [1]."));

  const auto reply = ask(open_chat("Garden", {video}), "Which probe is said to be wet?");

  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->content, "“The probe of bed (2) is said in (99999999999999999999) to be wet (1).” [1]");
  EXPECT_EQ(reply->citations.at(0).text, "The probe of bed [2] is said in [99999999999999999999] to be wet [1].");
}

}  // namespace
}  // namespace kinora
