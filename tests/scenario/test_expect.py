import unittest

from expect import fill, header_mismatch, mismatch


class Matching(unittest.TestCase):
    def fits(self, expected, actual):
        self.assertIsNone(mismatch(expected, actual))

    def misses(self, expected, actual):
        self.assertIsNotNone(mismatch(expected, actual))

    def test_an_object_may_have_more_than_expected(self):
        self.fits({"a": 1}, {"a": 1, "b": 2})
        self.misses({"a": 1, "b": 2}, {"a": 1})

    def test_the_first_difference_is_named_by_its_path(self):
        self.assertEqual(mismatch({"a": [{"b": 1}]}, {"a": [{"b": 2}]}), "/a/0/b: expected 1, found 2")

    def test_true_is_not_one(self):
        self.misses(1, True)
        self.misses("<number>", True)

    def test_absent_and_present_look_at_the_key(self):
        self.fits({"a": "<absent>"}, {})
        self.misses({"a": "<absent>"}, {"a": None})
        self.fits({"a": "<present>"}, {"a": None})
        self.misses({"a": "<present>"}, {})

    def test_bounds_hold_at_both_ends(self):
        self.fits("<number 0..30>", 30)
        self.misses("<number 0..30>", 30.001)
        self.fits("<number 1..>", 9)
        self.misses("<number 1..>", 0)
        self.misses("<number ..5>", "4")

    def test_texts_match_in_part(self):
        self.fits("<regex ^vid_[0-9a-z]{26}$>", "vid_01hxxxxxxxxxxxxxxxxxxxxxxx")
        self.misses("<regex ^vid_>", "usr_1")
        self.fits("<contains [1]>", "so [1].")
        self.misses("<contains [1]>", "so.")

    def test_part_of_wants_the_words_as_they_stand(self):
        self.fits("<part of one two > three>", "two > three")
        self.misses("<part of one two three>", "two  three")
        self.misses("<part of one>", "")

    def test_other_than_refuses_only_that_value(self):
        self.fits("<other than a>", "b")
        self.misses("<other than a>", "a")

    def test_times_have_milliseconds_and_z(self):
        self.fits("<time>", "2026-11-21T09:00:00.000Z")
        self.misses("<time>", "2026-11-21T09:00:00Z")

    def test_a_plain_list_has_just_these_items(self):
        self.fits([1, "<number>"], [1, 2])
        self.misses([1], [1, 2])

    def test_list_rules_look_at_all_items(self):
        self.fits({"<each>": {"a": "<number>"}, "<count>": 2}, [{"a": 1}, {"a": 2}])
        self.misses({"<each>": {"a": "<number>"}}, [{"a": 1}, {"a": ""}])
        self.fits({"<has>": {"a": 2}}, [{"a": 1}, {"a": 2}])
        self.misses({"<has>": {"a": 3}}, [{"a": 1}, {"a": 2}])
        self.misses({"<none>": {"a": 2}}, [{"a": 1}, {"a": 2}])
        self.misses({"<each>": 1}, {"a": 1})

    def test_ascending_looks_through_nested_lists(self):
        self.fits({"<ascending>": "w.t"}, [{"w": [{"t": 1}, {"t": 1}]}, {"w": [{"t": 2}]}])
        self.misses({"<ascending>": "w.t"}, [{"w": [{"t": 1}, {"t": 3}]}, {"w": [{"t": 2}]}])

    def test_an_unknown_matcher_is_an_error_of_the_file(self):
        with self.assertRaises(KeyError):
            mismatch("<nonsense>", 1)

    def test_a_missing_header_is_no_text(self):
        self.assertIsNotNone(header_mismatch("<present>", None, "ETag"))
        self.assertIsNone(header_mismatch("<absent>", None, "ETag"))


class Filling(unittest.TestCase):
    def test_reaches_every_depth(self):
        self.assertEqual(fill({"a": ["{x}-{x}"]}, {"x": 1}), {"a": ["1-1"]})

    def test_leaves_regex_counts_alone(self):
        self.assertEqual(fill("<regex a{26}>", {}), "<regex a{26}>")

    def test_refuses_what_was_never_captured(self):
        with self.assertRaises(KeyError):
            fill("{nobody}", {})


if __name__ == "__main__":
    unittest.main()
