"""Compares an answer with what a scenario expects; a mismatch is a sentence, agreement is no sentence."""
import json
import re

_variable = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_bounds = re.compile(r"<number (-?[\d.]*?)\.\.(-?[\d.]*)>")
_time = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_missing = object()


def fill(value, variables):
    """Puts captured values in place of {name}, in strings at any depth."""
    if isinstance(value, str):
        return _variable.sub(lambda found: _value_of(found[1], variables), value)
    if isinstance(value, list):
        return [fill(each, variables) for each in value]
    if isinstance(value, dict):
        return {key: fill(each, variables) for key, each in value.items()}
    return value


def _value_of(name, variables):
    if name not in variables:
        raise KeyError(f"nothing was captured as {{{name}}} before this")
    return str(variables[name])


def mismatch(expected, actual, where=""):
    """The first difference, or None. `expected` is filled already."""
    if isinstance(expected, str) and re.fullmatch(r"<.*>", expected, re.DOTALL):
        return _match(expected, actual, where)
    if isinstance(expected, dict) and expected and all(key.startswith("<") for key in expected):
        return _match_list(expected, actual, where)
    if isinstance(expected, dict):
        return _match_object(expected, actual, where)
    if isinstance(expected, list):
        return _match_items(expected, actual, where)
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return None if same else _differs(where, expected, actual)


def _differs(where, expected, actual):
    found = "nothing" if actual is _missing else json.dumps(actual, ensure_ascii=False)
    if len(found) > 400:
        found = found[:400] + " ..."
    wanted = expected if isinstance(expected, str) and expected.startswith("<") else json.dumps(expected, ensure_ascii=False)
    return f"{where or 'the body'}: expected {wanted}, found {found}"


def _match_object(expected, actual, where):
    if not isinstance(actual, dict):
        return _differs(where, expected, actual)
    for key, value in expected.items():
        wrong = mismatch(value, actual.get(key, _missing), f"{where}/{key}")
        if wrong:
            return wrong
    return None


def _match_items(expected, actual, where):
    if not isinstance(actual, list) or len(actual) != len(expected):
        return _differs(where, expected, actual)
    for at, value in enumerate(expected):
        wrong = mismatch(value, actual[at], f"{where}/{at}")
        if wrong:
            return wrong
    return None


def _match_list(expected, actual, where):
    if not isinstance(actual, list):
        return _differs(where, expected, actual)
    for rule, value in expected.items():
        wrong = _list_rules[rule](value, actual, where)
        if wrong:
            return wrong
    return None


def _each(value, actual, where):
    return next((wrong for at, item in enumerate(actual) if (wrong := mismatch(value, item, f"{where}/{at}"))), None)


def _has(value, actual, where):
    fits = any(mismatch(value, item) is None for item in actual)
    return None if fits else f"{where}: no item fits {json.dumps(value, ensure_ascii=False)}; found {json.dumps(actual)[:400]}"


def _none(value, actual, where):
    fits = any(mismatch(value, item) is None for item in actual)
    return f"{where}: an item fits {json.dumps(value, ensure_ascii=False)}" if fits else None


def _count(value, actual, where):
    return mismatch(value, len(actual), f"{where}: the number of items")


def _ascending(path, actual, where):
    numbers = _numbers(actual, path.split("."))
    falls = [at for at in range(1, len(numbers)) if numbers[at] < numbers[at - 1]]
    return f"{where}: {path} falls from {numbers[falls[0] - 1]} to {numbers[falls[0]]}" if falls else None


def _numbers(value, path):
    if isinstance(value, list):
        return [number for item in value for number in _numbers(item, path)]
    return _numbers(value[path[0]], path[1:]) if path else [value]


_list_rules = {"<each>": _each, "<has>": _has, "<none>": _none, "<count>": _count, "<ascending>": _ascending}


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _within(matcher, actual):
    low, high = _bounds.fullmatch(matcher).groups()
    return _is_number(actual) and (not low or actual >= float(low)) and (not high or actual <= float(high))


def _word_and_rest(matcher):
    for word in ("regex", "contains", "part of", "other than"):
        if matcher.startswith(f"<{word} "):
            return word, matcher[len(word) + 2:-1]
    return matcher[1:-1], ""


def _match(matcher, actual, where):
    if _bounds.fullmatch(matcher):
        return None if _within(matcher, actual) else _differs(where, matcher, actual)
    word, rest = _word_and_rest(matcher)
    text = isinstance(actual, str)
    rules = {
        "present": lambda: actual is not _missing,
        "absent": lambda: actual is _missing,
        "string": lambda: text,
        "number": lambda: _is_number(actual),
        "time": lambda: text and bool(_time.fullmatch(actual)),
        "regex": lambda: text and bool(re.search(rest, actual)),
        "contains": lambda: text and rest in actual,
        "part of": lambda: text and actual != "" and actual in rest,
        "other than": lambda: actual is not _missing and actual != rest,
    }
    if word not in rules:
        raise KeyError(f"there is no matcher {matcher}")
    return None if rules[word]() else _differs(where, matcher, actual)


def header_mismatch(expected, actual, name):
    return mismatch(expected, _missing if actual is None else actual, f"header {name}")
