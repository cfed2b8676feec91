#include "http/form.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "http/ask.hpp"

namespace kinora::http {

enum class Shape { round, square };

}  // namespace kinora::http

template <>
struct kinora::Names<kinora::http::Shape> {
  static constexpr auto table = std::to_array<std::pair<kinora::http::Shape, std::string_view>>(
      {{kinora::http::Shape::round, "round"}, {kinora::http::Shape::square, "square"}});
};

namespace kinora::http {

namespace {

struct Corner {
  Num<-1.0, 1.0> x;
  Num<-1.0, 1.0> y;
};

struct Drawing {
  Text<1, 5> title;
  Optional<Text<0, 3>> note;
  Default<OneOf<Shape>, Shape::square> shape;
  Default<Int<1, 9>, 4> sides;
  List<Corner, 0, 2> corners;
};

template <class T>
std::vector<FieldError> errors_of(std::string_view json, T& into, Unknown unknown = Unknown::ignored) {
  Report report(unknown);
  {
    const Report::Step step(report, "body");
    Form<T>::read(report, *parse_json(json), into);
  }
  return report.is_clean() ? std::vector<FieldError>() : std::move(report).error().fields;
}

std::string places_of(const std::vector<FieldError>& fields) {
  std::string all;
  for (const auto& field : fields) all += field.pointer + ' ' + field.code + '\n';
  return all;
}

TEST(Form, ReadsAllFields) {
  Drawing drawing;

  const auto errors =
      errors_of(R"({"title":"caf\u00e9s","note":"x","shape":"round","sides":3,"corners":[{"x":0.5,"y":-1}]})", drawing);

  EXPECT_EQ(places_of(errors), "");
  EXPECT_EQ(drawing.title.value, "caf\xc3\xa9s");
  EXPECT_EQ(drawing.note->value, "x");
  EXPECT_EQ(drawing.shape, Shape::round);
  EXPECT_EQ(drawing.sides, 3);
  EXPECT_EQ(drawing.corners.at(0).x, 0.5);
}

TEST(Form, TakesPresetsForWhatIsLeftOut) {
  Drawing drawing;

  const auto errors = errors_of(R"({"title":"a","corners":[]})", drawing);

  EXPECT_EQ(places_of(errors), "");
  EXPECT_EQ(drawing.shape, Shape::square);
  EXPECT_EQ(drawing.sides, 4);
  EXPECT_FALSE(drawing.note.has_value());
}

TEST(Form, PointsAtEveryWrongFieldAtOnce) {
  Drawing drawing;

  const auto errors = errors_of(R"({"title":"toolong","note":7,"shape":"oval","sides":10,"corners":[{"x":2}]})", drawing);

  EXPECT_EQ(places_of(errors),
            "/body/title too_long\n/body/note type\n/body/shape not_allowed\n/body/sides too_large\n"
            "/body/corners/0/x too_large\n/body/corners/0/y required\n");
}

TEST(Form, TellsNullFromAbsent) {
  Drawing drawing;

  const auto errors = errors_of(R"({"title":"a","note":null,"corners":[]})", drawing);

  EXPECT_EQ(places_of(errors), "");
  EXPECT_TRUE(drawing.note.was_null);
  EXPECT_FALSE(drawing.note.has_value());
}

TEST(Form, RefusesUnknownFieldsOnlyWhenStrict) {
  Drawing drawing;
  constexpr std::string_view json = R"({"title":"a","corners":[{"x":0,"y":0,"z":0}],"role":"admin"})";

  EXPECT_EQ(places_of(errors_of(json, drawing)), "");
  EXPECT_EQ(places_of(errors_of(json, drawing, Unknown::refused)),
            "/body/role unknown_field\n/body/corners/0/z unknown_field\n");
}

TEST(Form, EscapesPointers) {
  struct Nothing {};
  Nothing nothing;

  EXPECT_EQ(places_of(errors_of(R"({"a/b~c":1})", nothing, Unknown::refused)), "/body/a~1b~0c unknown_field\n");
}

TEST(Form, WantsAnObjectForAnAggregate) {
  Drawing drawing;

  EXPECT_EQ(places_of(errors_of("[]", drawing)), "/body type\n");
}

TEST(Form, CountsCodePointsOfTexts) {
  Text<2, 2> text;

  EXPECT_EQ(places_of(errors_of("\"\xf0\x9f\x8e\xac\xf0\x9f\x8e\xac\"", text)), "");
  EXPECT_EQ(places_of(errors_of(R"("\u0000a")", text)), "/body invalid\n");
}

TEST(Form, TakesOnlyWholeFiniteNumbers) {
  Int<0, 10> whole;
  Num<0.0, 1e308> real;

  EXPECT_EQ(places_of(errors_of("5.0", whole)), "");
  EXPECT_EQ(places_of(errors_of("5.5", whole)), "/body type\n");
  EXPECT_EQ(places_of(errors_of("\"5\"", whole)), "/body type\n");
  EXPECT_EQ(places_of(errors_of("99999999999999999999", whole)), "/body type\n");
  EXPECT_EQ(places_of(errors_of("1e309", real)), "/body type\n");
}

TEST(Form, BoundsListsBeforeReadingThem) {
  List<Int<0, 1>, 1, 2> list;

  EXPECT_EQ(places_of(errors_of("[5,5,5]", list)), "/body too_long\n");
  EXPECT_EQ(places_of(errors_of("[]", list)), "/body too_short\n");
}

TEST(Form, BoundsTheReportItself) {
  List<Int<0, 1>, 0, 100'000> list;
  std::string json = "[5";
  for (int count = 0; count < 10'000; ++count) json += ",5";

  EXPECT_EQ(errors_of(json + "]", list).size(), 100);
}

TEST(Form, RefusesAnIdOfAnotherKind) {
  VideoId id;

  EXPECT_EQ(places_of(errors_of(R"("usr_01jd0000000000000000000000")", id)), "/body invalid_id\n");
}

TEST(Form, TakesARowsNumberInPlaceOfItsId) {
  const auto read = [](std::string_view text) {
    Report report;
    Numbered<VideoId> id;
    Form<Numbered<VideoId>>::read(report, text, id);
    return report.is_clean() ? id : Numbered<VideoId>();
  };

  EXPECT_EQ(read("17").number, 17);
  EXPECT_EQ(read("vid_01jd0000000000000000000000").number, std::nullopt);
  EXPECT_EQ(read("vid_01jd0000000000000000000000").text(), "vid_01jd0000000000000000000000");
  for (const auto* wrong : {"", "0", "017", "-1", "1e3", "99999999999999999999", "usr_01jd0000000000000000000000"})
    EXPECT_TRUE(!read(wrong).number && read(wrong).uuid.is_nil()) << wrong;
}

struct Listing {
  Page page;
  Optional<List<OneOf<Shape>, 1, 5>> shape;
  Default<Flag, false> all;
};

std::string query_errors(std::string_view text, Listing& into, Unknown unknown = Unknown::ignored) {
  Report report(unknown);
  detail::read_query(report, *decode_query(text), "/things", into);
  return report.is_clean() ? "" : places_of(std::move(report).error().fields);
}

TEST(Query, ReadsPagesListsAndFlags) {
  Listing listing;

  EXPECT_EQ(query_errors("limit=50&after=abc&shape=round&shape=square,round&all=1", listing), "");

  EXPECT_EQ(listing.page.limit, 50);
  EXPECT_EQ(listing.page.cursor, "abc");
  EXPECT_EQ(listing.shape->size(), 3);
  EXPECT_TRUE(listing.all);
}

TEST(Query, TellsListsApartByTheirFilters) {
  Listing first;
  Listing same;
  Listing other;

  query_errors("shape=round&limit=50&cursor=abc", first);
  query_errors("limit=20&color=red&shape=round", same);
  query_errors("shape=square", other);

  EXPECT_EQ(first.page.list, same.page.list);
  EXPECT_NE(first.page.list, other.page.list);
  EXPECT_TRUE(first.page.list.starts_with("/things"));
}

TEST(Query, PointsAtWrongParameters) {
  Listing listing;

  EXPECT_EQ(query_errors("limit=0&shape=round,oval&all=maybe", listing),
            "/query/limit too_small\n/query/shape/1 not_allowed\n/query/all type\n");
}

TEST(Query, RefusesUnknownParametersOnlyWhenStrict) {
  Listing listing;

  EXPECT_EQ(query_errors("cursor=x&color=red", listing), "");
  EXPECT_EQ(query_errors("cursor=x&color=red", listing, Unknown::refused), "/query/color unknown_field\n");
}

TEST(Query, RefusesAllParametersWhereThereAreNone) {
  Report report(Unknown::refused);

  ASSERT_TRUE(detail::refuse_query(report, "color=red&ticket=abc"));

  EXPECT_EQ(places_of(std::move(report).error().fields), "/query/color unknown_field\n") << "a ticket is the gate's";
}

TEST(Schema, SaysWhatTheTypesSay) {
  Schemas schemas;

  const auto reference = Form<Drawing>::schema(schemas);
  const auto all = std::move(schemas).take();

  EXPECT_EQ(json_text(reference), R"({"$ref":"#/components/schemas/Drawing"})");
  const auto& drawing = all.at("Drawing").as_object();
  EXPECT_EQ(json_text(drawing.at("required")), R"(["title","corners"])");
  const auto& properties = drawing.at("properties").as_object();
  EXPECT_EQ(json_text(properties.at("title")), R"({"type":"string","minLength":1,"maxLength":5})");
  EXPECT_EQ(json_text(properties.at("note")), R"({"type":["string","null"],"minLength":0,"maxLength":3})");
  EXPECT_EQ(json_text(properties.at("shape")), R"({"type":"string","enum":["round","square"],"default":"square"})");
  EXPECT_EQ(json_text(properties.at("corners").at("items")), R"({"$ref":"#/components/schemas/Corner"})");
}

}  // namespace

}  // namespace kinora::http
