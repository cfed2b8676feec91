import unittest

from tree import TOOLS, Tree

import check_sql
import postgres

DIALECT = "src/adapters/database/dialect.cpp"
FILES = {
    DIALECT: (TOOLS.parent / DIALECT).read_text(),
    "src/adapters/database/migrations/001_own.sql": "CREATE TABLE IF NOT EXISTS schema_migrations (version @INT);",
    "src/jobs/migrations/001_jobs.sql": "CREATE TABLE jobs (id @ID PRIMARY KEY, at @TIME, done @BOOL, raw @BYTES, part @REAL);\n"
                                        "CREATE INDEX idx_shared ON jobs (at);",
    "src/jobs/migrations/002_words.sql": "ALTER TABLE jobs ADD COLUMN words @TEXT;\n\nALTER TABLE jobs ADD COLUMN words @JSON;",
    "src/jobs/migrations/004_gap.sql": "SELECT 1;",
    "src/jobs/store.cpp": '''
constexpr Sql good{R"sql(SELECT id, '@NONE $9' FROM jobs WHERE at <= db_now() + $1 AND done LIMIT $2 @skip_locked)sql"};
constexpr Sql joined{R"sql(SELECT id )sql"
                     R"sql(FROM jobs)sql"};
constexpr Sql no_column{R"sql(
  SELECT id
  FROM jobs WHERE colour = $1)sql"};
constexpr Sql flag_as_number{R"sql(SELECT id FROM jobs WHERE done = 1)sql"};
constexpr Sql not_portable{R"sql(INSERT OR IGNORE INTO jobs (id) VALUES ($1))sql"};
constexpr Sql unknown_mark{R"sql(SELECT CAST($1 AS @INTEGER))sql"};
// as R"sql(...)sql" in a store
constexpr SqlPart columns = R"part(id, at)part";
constexpr SqlPart colours = R"part(
  id, colour)part";
constexpr Sql of_parts = sql_of<R"sql(SELECT)sql", columns, R"sql(FROM jobs WHERE id > $1)sql">;
constexpr Sql wrong_part = sql_of<R"sql(SELECT)sql", colours, R"sql(FROM jobs)sql">;
constexpr Sql no_part = sql_of<R"sql(SELECT)sql", tastes, R"sql(FROM jobs)sql">;
''',
    "src/jobs/tests/a_test.cpp": 'R"sql(NO SQL AT ALL)sql"',
    "src/modules/media/migrations/001_videos.sql": "CREATE TABLE videos (id @ID PRIMARY KEY);\nCREATE INDEX idx_shared ON videos (id);",
    "src/modules/media/store.cpp": 'constexpr Sql foreign{R"sql(SELECT v.id FROM videos v JOIN jobs j ON j.id = v.id)sql"};\n',
    "src/modules/chat/migrations/001_chats.sql": "CREATE TABLE chats (video_id @ID REFERENCES videos (id));",
    "src/modules/chat/migrations/002_late.sql": "CREATE TABLE late (id @ID UNIQUE DEFERRABLE INITIALLY DEFERRED);",
    "src/api/v1/videos.cpp": 'constexpr Sql none{R"sql(SELECT id FROM videos)sql"};\n',
    "src/adapters/search_index/embedded/files.cpp": 'R"sql(CREATE VIRTUAL TABLE words USING fts5(text))sql"',
}


class Sql(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Tree(FILES) as root:
            cls.problems, cls.amount = check_sql.check(root)

    def finds(self, place, words):
        self.assertTrue(any(each.startswith(place + ": ") and words in each for each in self.problems), self.problems)

    def test_a_missing_column_is_found_with_its_line(self):
        self.finds("src/jobs/store.cpp:7", 'column "colour" does not exist')

    def test_a_flag_is_no_number(self):
        self.finds("src/jobs/store.cpp:8", "boolean = integer")

    def test_sql_of_one_engine_is_found(self):
        self.finds("src/jobs/store.cpp:9", "syntax error")

    def test_an_unknown_mark_is_found(self):
        self.finds("src/jobs/store.cpp:10", "the dialect has no @INTEGER")

    def test_what_statements_share_is_looked_at_in_each(self):
        self.finds("src/jobs/store.cpp:16", 'column "colour" does not exist')

    def test_a_part_that_is_not_in_the_file_is_found(self):
        self.finds("src/jobs/store.cpp:17", "the dialect has no @tastes")

    def test_a_migration_that_fails_is_found_with_its_file(self):
        self.finds("src/jobs/migrations/002_words.sql:1", "already exists")

    def test_a_misnumbered_step_is_found(self):
        self.finds("src/jobs/migrations/004_gap.sql:1", "must be named 003_words.sql")

    def test_a_deferred_constraint_is_found(self):
        self.finds("src/modules/chat/migrations/002_late.sql:1", "leave DEFERRABLE out")

    def test_another_owners_table_is_found(self):
        self.finds("src/modules/media/store.cpp:1", "table jobs belongs to jobs")
        self.finds("src/modules/chat/migrations/001_chats.sql:1", "table videos belongs to modules/media")
        self.finds("src/api/v1/videos.cpp:1", "table videos belongs to modules/media")

    def test_a_name_made_by_two_owners_is_found(self):
        self.finds("src:1", "idx_shared is made by jobs and modules/media")

    def test_what_is_right_is_left_alone(self):
        for place in ("src/jobs/store.cpp:2:", "src/jobs/store.cpp:3:", "src/jobs/store.cpp:11:", "src/jobs/store.cpp:15:", "src/jobs/tests", "src/adapters"):
            self.assertFalse([each for each in self.problems if each.startswith(place)])

    def test_all_of_it_was_looked_at(self):
        self.assertEqual(self.amount, "7 migrations, 11 statements")


class Order(unittest.TestCase):
    def test_an_owner_without_a_place_in_the_order_is_found(self):
        with Tree({"src/modules/unheard/migrations/001_a.sql": "SELECT 1"}) as root:
            _, problems = check_sql.find_migrations(root)
        self.assertIn("does not know when modules/unheard migrates", problems[0])


class Server(unittest.TestCase):
    def test_leaves_neither_process_nor_folder(self):
        with postgres.Server() as server:
            connection = server.connect()
            self.assertEqual(connection.run("SELECT 1, NULL, 'a'"), [["1", None, "a"]])
            connection.close()
        self.assertIsNotNone(server.process.returncode)
        self.assertFalse(server.folder.exists())


if __name__ == "__main__":
    unittest.main()
