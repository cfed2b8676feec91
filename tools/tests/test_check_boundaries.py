import subprocess
import sys
import unittest

from tree import TOOLS, Tree

import check_boundaries


def rules(path, include):
    """What a file with this one include breaks."""
    return [rule for _, rule in check_boundaries.check_file(path, f"#pragma once\n\n#include {include}\n")]


class Boundaries(unittest.TestCase):
    def allows(self, path, include):
        self.assertEqual(rules(path, include), [], f"{path} includes {include}")

    def forbids(self, path, include, words):
        found = rules(path, include)
        self.assertEqual(len(found), 1, f"{path} includes {include}")
        self.assertIn(words, found[0])

    def test_layers_point_one_way(self):
        self.allows("modules/media/media.cpp", '"jobs/worker.hpp"')
        self.allows("api/v1/videos.cpp", '"modules/media/media.hpp"')
        self.allows("adapters/media_tool/ffmpeg/ffmpeg.cpp", '"children/launcher.hpp"')
        self.forbids("base/task.hpp", '"ports/clock.hpp"', "base may not include ports")
        self.forbids("modules/media/media.cpp", '"http/reply.hpp"', "modules may not include http")
        self.forbids("modules/media/media.cpp", '"adapters/blob_store/open.hpp"', "modules may not include adapters")
        self.forbids("adapters/database/open.cpp", '"modules/media/media.hpp"', "adapters may not include modules")
        self.forbids("http/server.cpp", '"modules/media/media.hpp"', "http may not include modules")
        self.forbids("jobs/queue.cpp", '"modules/media/media.hpp"', "jobs may not include modules")
        self.forbids("api/v1/videos.cpp", '"adapters/database/open.hpp"', "api may not include adapters")

    def test_only_wiring_sees_all(self):
        self.allows("app/wiring.cpp", '"adapters/database/open.hpp"')
        self.forbids("app/main.cpp", '"adapters/database/open.hpp"', "app may not include adapters")

    def test_engines_know_base_and_the_pipe_protocol(self):
        self.allows("engines/speech/main.cpp", '"children/pipe_protocol.hpp"')
        self.forbids("engines/speech/main.cpp", '"children/launcher.hpp"', "engines may not include children")

    def test_modules_know_earlier_modules_by_their_one_header(self):
        self.allows("modules/chat/chat.cpp", '"modules/search/search.hpp"')
        self.allows("modules/chat/chat.cpp", '"modules/chat/store.hpp"')
        self.forbids("modules/chat/chat.cpp", '"modules/search/store.hpp"', "modules/search/search.hpp")
        self.forbids("modules/media/media.cpp", '"modules/ai/ai.hpp"', "media may not know module ai")
        self.forbids("modules/ops/ops.cpp", '"modules/pipeline/pipeline.hpp"', "ops may not know module pipeline")
        self.forbids("api/v1/videos.cpp", '"modules/media/store.hpp"', "modules/media/media.hpp")

    def test_vendors_stay_where_they_belong(self):
        self.allows("http/connection.cpp", "<boost/beast/core.hpp>")
        self.allows("adapters/database/sqlite/connection.cpp", "<sqlite3.h>")
        self.forbids("api/v1/videos.cpp", "<boost/beast/http.hpp>", "belongs to http")
        self.forbids("modules/media/store.cpp", "<sqlite3.h>", "belongs to adapters")
        self.forbids("adapters/database/sqlite/connection.hpp", "<sqlite3.h>", ".cpp files only")
        self.forbids("jobs/queue.cpp", "<absl/strings/str_cat.h>", "no rule allows")

    def test_the_language_and_the_system_are_free(self):
        for header in ("<vector>", "<sys/stat.h>", "<unistd.h>", "<boost/asio/post.hpp>", "<fmt/core.h>"):
            self.allows("jobs/queue.hpp", header)

    def test_tests_see_their_layer_and_contract_suites(self):
        test = "jobs/tests/queue_test.cpp"
        self.allows(test, '"jobs/queue.hpp"')
        self.allows(test, '"base/tests/run.hpp"')
        self.allows(test, '"ports/database_contract.hpp"')
        self.allows(test, '"adapters/database/open.hpp"')
        self.allows(test, '"adapters/clock/system_clock.hpp"')
        self.allows(test, "<gtest/gtest.h>")
        self.allows("api/v1/tests/videos_test.cpp", '"http/tests/client.hpp"')
        self.allows("ports/database_contract.hpp", '"base/tests/run.hpp"')
        self.forbids(test, '"http/server.hpp"', "jobs may not include http")
        self.forbids(test, '"adapters/database/sqlite/connection.hpp"', "jobs may not include adapters")
        self.forbids(test, '"modules/media/tests/fixture.hpp"', "its own folder's")

    def test_only_tests_see_tests(self):
        self.forbids("jobs/queue.cpp", '"ports/database_contract.hpp"', "by tests only")
        self.forbids("jobs/queue.cpp", '"base/tests/run.hpp"', "only tests")
        self.forbids("jobs/queue.cpp", "<gtest/gtest.h>", "only tests")

    def test_the_console_embeds_its_pages(self):
        self.allows("api/console/files.cpp", '"web/index.html.inc"')
        self.forbids("modules/media/media.cpp", '"web/index.html.inc"', "their path from src/")

    def test_our_headers_are_named_from_the_source_folder(self):
        self.forbids("jobs/queue.cpp", '"queue.hpp"', "their path from src/")

    def test_a_planted_include_fails_the_run_with_its_line(self):
        planted = '#include "jobs/queue.hpp"\n\n#include <vector>\n#include "modules/media/media.hpp"\n'
        with Tree({"src/jobs/queue.cpp": planted, "src/jobs/queue.hpp": "#pragma once\n"}) as root:
            run = subprocess.run([sys.executable, TOOLS / "check_boundaries.py", root], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("src/jobs/queue.cpp:4: modules/media/media.hpp: jobs may not include modules", run.stdout)

    def test_a_clean_tree_passes(self):
        with Tree({"src/jobs/queue.cpp": '#include "jobs/queue.hpp"\n', "src/jobs/queue.hpp": "#pragma once\n"}) as root:
            run = subprocess.run([sys.executable, TOOLS / "check_boundaries.py", root], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout), (0, "\ncheck_boundaries: 0 problems\n".lstrip()))


if __name__ == "__main__":
    unittest.main()
