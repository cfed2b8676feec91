import unittest

from scenario import ScenarioError, read

STEP = """server NAME=a=b
# a comment
## makes a thing
POST /things?x={a} until 5 s
X-Name: value
without Authorization
{"a": [1,
  2]}
--> 201
Location: <present>
{"id": 1}
capture id = /id
capture token = body ~ token=(\\w+)
give up when {"bad": true}
always X-Id: {id}
"""


class Reading(unittest.TestCase):
    def test_a_step_has_a_request_and_an_answer(self):
        scenario = read(STEP)

        step = scenario.steps[0]
        self.assertEqual(scenario.environment, {"NAME": "a=b"})
        self.assertEqual((step.method, step.target, step.until_s), ("POST", "/things?x={a}", 5))
        self.assertEqual((step.headers, step.without), ({"X-Name": "value"}, {"authorization"}))
        self.assertEqual((step.json, step.status), ({"a": [1, 2]}, 201))
        self.assertEqual((step.answer_headers, step.answer_json), ({"Location": "<present>"}, {"id": 1}))
        self.assertEqual([(each.name, each.source, each.regex) for each in step.captures],
                         [("id", "/id", ""), ("token", "body", "token=(\\w+)")])
        self.assertEqual((step.give_up, step.always), ({"bad": True}, {"X-Id": "{id}"}))

    def test_forms_have_fields_and_files(self):
        step = read('## s\nPOST /up\nfield title = My film\nfile file = media/short.mp4\nfile b = "hello" as b.mp4\n--> 201\n').steps[0]

        self.assertEqual([(part.name, part.text, part.path, part.filename) for part in step.parts],
                         [("title", "My film", "", ""), ("file", "", "media/short.mp4", "short.mp4"), ("b", "hello", "", "b.mp4")])

    def test_a_restart_stands_alone(self):
        self.assertEqual(read("## s\nRESTART\n").steps[0].restart, "RESTART")
        self.assertEqual(read("## s\nKILL AND LOSE search WITH PORT=1\n").steps[0].changes, {"PORT": "1"})

    def test_a_kill_may_lose_a_folder(self):
        step = read("## s\nKILL AND LOSE search\n").steps[0]
        self.assertEqual((step.restart, step.lose), ("KILL", "search"))

    def test_mistakes_name_their_line(self):
        for text, line in (("## s\nGET /x\n", 1), ("## s\nGET /x\nnonsense here\n", 3), ("## s\nGET /x\n--> 200\n{broken\n", 4),
                           ("GET /x\n", 1), ("## s\nFETCH /x\n", 2)):
            with self.subTest(text), self.assertRaisesRegex(ScenarioError, f"line {line}:"):
                read(text)


if __name__ == "__main__":
    unittest.main()
