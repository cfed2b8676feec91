"""C++ source as far as measuring needs it: no comments, no literals, functions by their braces. No parser: it knows our own
formatting (.clang-format), not every legal program."""
import bisect
import dataclasses
import re

SKIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$")
CONTROL = re.compile(r"^\s*(else\s+)?(if|for|while|switch)\b|^\s*(else|do|try)\s*$|\bcatch\s*\([^)]*\)\s*$")
TEMPLATE = re.compile(r"^\s*template\s*<")


@dataclasses.dataclass
class Function:
    name: str
    line: int  # of its opening brace
    lines: int
    parameters: int
    nesting: int


def code_of(text):
    """The text with every comment and literal blanked; lines and columns stay."""
    return SKIPPED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def closing(code, at, pair="{}"):
    """Where the bracket that opens at `at` closes."""
    depth = 0
    for place in range(at, len(code)):
        depth += (code[place] == pair[0]) - (code[place] == pair[1])
        if depth == 0:
            return place
    return len(code) - 1


def next_character(code, at):
    return code[at:at + 200].lstrip()[:1]


def functions_of(text):
    """Every function with a body; a lambda counts as part of the function around it."""
    code = re.sub(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", lambda match: re.sub(r"[^\n]", " ", match.group()), code_of(text), flags=re.M)
    line_starts = [match.start() for match in re.finditer(r"^", code, re.M)]
    at = head_from = 0
    while at < len(code):
        if code[at] in ";}":
            head_from = at + 1
        elif code[at] == "{":
            head, end = code[head_from:at], closing(code, at)
            if SCOPE.search(head):
                head_from = at + 1
            elif not is_body(code, head, end):
                at = end  # an initialiser: the statement, or a constructor's list, goes on behind it
            else:
                first, last = (bisect.bisect_right(line_starts, place) for place in (at, end))
                yield Function(name_of(head), first, last - first + 1, parameters_of(head), nesting_of(code[at + 1:end]))
                at, head_from = end, end + 1
        at += 1


def is_body(code, head, end):
    return "(" in head and not re.search(r"=\s*$", head) and next_character(code, end + 1) not in (",", "{", ";", ")", ".")


def signature_of(head):
    """The head from the function's name on, without template parameters."""
    match = TEMPLATE.match(head)
    while match:
        head = head[closing(head, match.end() - 1, "<>") + 1:]
        constraint = re.match(r"\s*requires\s*\(", head)
        if constraint:
            head = head[closing(head, constraint.end() - 1, "()") + 1:]
        match = TEMPLATE.match(head)
    return head


def name_of(head):
    match = re.search(r"([\w:~]+|operator\s*\S+?)\s*\(", signature_of(head))
    return match[1] if match else "?"


def parameters_of(head):
    head = signature_of(head)
    opening = head.find("(")
    inside = head[opening + 1:closing(head, opening, "()")]
    if not inside.strip():
        return 0
    depth, commas = 0, 0
    for character in inside:
        depth += (character in "(<[{") - (character in ")>]}")
        commas += character == "," and depth == 0
    return commas + 1


def nesting_of(body):
    """How many of if, for, while, switch, try lie in each other, counted by their braces."""
    stack, deepest, statement, parentheses = [], 0, 0, 0
    for at, character in enumerate(body):
        parentheses += (character == "(") - (character == ")")
        if character == "{":
            stack.append((bool(CONTROL.search(body[statement:at])), parentheses))
            deepest = max(deepest, sum(control for control, _ in stack))
            parentheses = 0
        elif character == "}" and stack:
            _, parentheses = stack.pop()
        if character in "{}" or (character == ";" and parentheses == 0):  # not those of a for
            statement = at + 1
    return deepest
