"""What the bench computes from what it measured."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import places  # noqa: E402, F401  it says where the modules of the rest are
import clips  # noqa: E402
import pictures  # noqa: E402
import row_d  # noqa: E402
import row_h  # noqa: E402
from measure import Bar, Line, cpu_text, median_of_ratios  # noqa: E402


def line(value, bar, control=None):
    return Line("a", "work", "peer", value, "x", bar, "", control)


class Verdicts(unittest.TestCase):
    def test_a_figure_at_its_bar_is_met_and_one_beyond_is_short(self):
        self.assertEqual(line(0.6, Bar(0.6)).verdict(), "met")
        self.assertEqual(line(0.61, Bar(0.6)).verdict(), "short")

    def test_a_bar_from_below_wants_more(self):
        self.assertEqual(line(0.98, Bar(0.98, at_least=True)).verdict(), "met")
        self.assertEqual(line(0.97, Bar(0.98, at_least=True)).verdict(), "short")

    def test_a_line_whose_control_is_off_is_void_whatever_it_says(self):
        self.assertEqual(line(0.1, Bar(0.6), control=1.06).verdict(), "void")

    def test_ratios_are_taken_lap_by_lap(self):
        self.assertEqual(median_of_ratios([1, 2, 30], [2, 4, 6]), 0.5)


class Texts(unittest.TestCase):
    def test_long_work_is_told_in_milliseconds(self):
        self.assertEqual(cpu_text(9999.04), "9999.0 µs")
        self.assertEqual(cpu_text(1_234_500), "1234 ms")

    def test_a_limit_is_told_in_three_digits_or_whole(self):
        self.assertEqual(Bar(1 / 3).text(), "<= 0.333x")
        self.assertEqual(Bar(5000, at_least=True).text("/s"), ">= 5000 /s")


class Recall(unittest.TestCase):
    def test_the_order_of_what_was_found_does_not_count(self):
        self.assertEqual(row_h.recall([[2, 1]], [[1, 2]]), 1)

    def test_each_query_weighs_the_same(self):
        self.assertEqual(row_h.recall([[1, 9], [3, 4]], [[1, 2], [3, 4]]), 0.75)


class Tiles(unittest.TestCase):
    def test_stand_in_the_middle_of_their_stretches(self):
        self.assertEqual(row_d.tile_times(60, 3), [10, 30, 50])


class Clips(unittest.TestCase):
    def test_another_recipe_is_another_folder(self):
        one = clips.folder_name({"a.mp4": ["-crf", "20"]})
        self.assertEqual(one, clips.folder_name({"a.mp4": ["-crf", "20"]}))
        self.assertNotEqual(one, clips.folder_name({"a.mp4": ["-crf", "21"]}))


class Pictures(unittest.TestCase):
    def test_the_average_is_read_from_what_ffmpeg_tells(self):
        told = "[Parsed_psnr_1 @ 0x55] PSNR y:38.1 u:44.0 v:45.2 average:39.31 min:37 max:41"
        self.assertEqual(pictures.average_in(told), 39.31)

    def test_no_average_is_a_problem(self):
        with self.assertRaises(places.Problem):
            pictures.average_in("No such file")


if __name__ == "__main__":
    unittest.main()
