#!/usr/bin/env python3
"""Who may include whom (ARCHITECTURE.md, "Who may know whom"): prints file:line and the rule that an include breaks.

    tools/check_boundaries.py [ROOT]
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Which layers a layer may include, besides itself.
LAYERS = {
    "base": (),
    "ports": ("base",),
    "children": ("base", "ports"),
    "engines": ("base",),
    "adapters": ("base", "ports", "children"),
    "http": ("base", "ports"),
    "jobs": ("base", "ports"),
    "modules": ("base", "ports", "jobs"),
    "api": ("base", "ports", "http", "jobs", "modules"),
    "app": ("base", "ports", "children", "engines", "http", "jobs", "modules", "api"),
}
WIRING = re.compile(r"app/wiring\.[ch]pp")  # sees all
PIPE_PROTOCOL = "children/pipe_protocol.hpp"  # the one header that engines share with children
# What tests of other layers build their fixtures from.
ADAPTER_DOOR = re.compile(r"adapters/([a-z_]+/(open|memory/[a-z_]+)|(clock|random|log)/[a-z_]+)\.hpp")
# Files from outside of src/ that become a part of the program: the console; the talk of `kinora demo`, what `kinora models fetch` runs.
EMBEDDED = {"api": re.compile(r"(web|dist)/.*\.inc"), "app": re.compile(r"(media|tools)/.*\.inc")}

# Which modules a module may include, besides itself, and only by <m>.hpp.
MODULES = {
    "accounts": (),
    "media": ("accounts",),
    "ai": ("accounts", "media"),
    "search": ("accounts", "media", "ai"),
    "chat": ("accounts", "media", "ai", "search"),
    "channels": ("accounts", "media", "ai", "search"),
    "editor": ("accounts", "media", "ai"),
    "pipeline": ("accounts", "media", "ai", "search"),
    "ops": ("accounts", "media", "ai", "search", "chat", "channels", "editor"),
}

# Headers that are not ours: in which layers, and whether in headers too. What is not listed is not allowed.
STANDARD = re.compile(r"[a-z_0-9]+")
SYSTEM = re.compile(r"(sys|netinet|arpa|net)/[a-z_]+\.h|(unistd|fcntl|stdlib|signal|poll|sched|spawn|pwd|grp|netdb|dirent|pthread|"
                    r"dlfcn|immintrin|cpuid|termios|time|errno|string)\.h")
ANYWHERE = re.compile(r"boost/(asio|system|pfr|json|describe|mp11)\b.*|fmt/.*")
VENDORS = (
    (re.compile(r"boost/beast\b.*"), ("http",)),
    (re.compile(r"boost/redis\b.*|libpq-fe\.h|librdkafka/.*|spdlog/.*|prometheus/.*|sqlite3\.h"), ("adapters",)),
    (re.compile(r"curl/.*"), ("adapters", "app")),
    (re.compile(r"whisper\.h|ggml.*\.h|llama\.h|lib(av|sw)[a-z]+/.*|espeak-ng/.*"), ("engines",)),
    (re.compile(r"seccomp\.h|linux/.*"), ("children",)),
    (re.compile(r"openssl/.*"), ("adapters", "http", "modules")),
    (re.compile(r"sodium\.h"), ("base", "adapters", "modules")),
    (re.compile(r"unicode/.*"), ("adapters", "modules", "engines")),
    (re.compile(r"zlib\.h"), ("http",)),
    (re.compile(r"CLI/.*|toml\+\+/.*"), ("app",)),
)
IN_HEADERS_TOO = re.compile(r"boost/beast\b.*")  # http's own headers speak Beast; nobody else sees them
TESTING = re.compile(r"(gtest|gmock)/.*")


def is_test(path):
    return "/tests/" in path or path.endswith("_contract.hpp")


def check_ours(path, target):
    """The broken rule, or None. Paths are below src/, with slashes."""
    layer, other = path.split("/")[0], target.split("/")[0]
    if layer in EMBEDDED and EMBEDDED[layer].fullmatch(target):
        return None
    if other not in LAYERS:
        return "our headers are included by their path from src/"
    if is_test(path):
        return check_test(path, target)
    if "/tests/" in target:
        return "only tests include what lies in tests/"
    if target.endswith("_contract.hpp"):
        return "a contract suite is included by tests only"
    if WIRING.fullmatch(path) or (layer == "engines" and target == PIPE_PROTOCOL):
        return None
    if path.startswith("app/commands/") and ADAPTER_DOOR.fullmatch(target):
        return None  # a command puts together the few parts that it needs
    if other != layer and other not in LAYERS[layer]:
        return f"{layer} may not include {other}; allowed: {', '.join(LAYERS[layer]) or 'nothing but itself'}"
    return check_module(path, target) if other == "modules" else None


def check_test(path, target):
    """Tests see what their layer sees, the tests/ of their own folder and of the layers below, contract suites and adapters
    that are opened or in memory."""
    folder = path.split("tests/")[0]
    below = tuple(f"{layer}/tests/" for layer in LAYERS[path.split("/")[0]])
    if target.startswith((folder, *below)) or target.endswith("_contract.hpp") or ADAPTER_DOOR.fullmatch(target):
        return None
    if "/tests/" in target:
        return "of what lies in tests/ a test includes its own folder's and that of the layers below"
    return check_ours(path.replace("/tests/", "/").replace("_contract.hpp", ".hpp"), target)


def check_module(path, target):
    module = target.split("/")[1]
    mine = path.split("/")[1] if path.startswith("modules/") else None
    if module == mine:
        return None
    if target != f"modules/{module}/{module}.hpp":
        return f"of a module others include only modules/{module}/{module}.hpp"
    if mine is not None and module not in MODULES.get(mine, ()):
        return f"module {mine} may not know module {module}; allowed: {', '.join(MODULES.get(mine, ())) or 'none'}"
    return None


def check_foreign(path, target):
    if STANDARD.fullmatch(target) or SYSTEM.fullmatch(target) or ANYWHERE.fullmatch(target):
        return None
    if TESTING.fullmatch(target):
        return None if is_test(path) else "only tests include the test library"
    for vendor, layers in VENDORS:
        if not vendor.fullmatch(target):
            continue
        if path.split("/")[0] not in layers:
            return f"{target} belongs to {' and '.join(layers)}"
        in_header = path.endswith(".hpp") and not is_test(path) and not IN_HEADERS_TOO.fullmatch(target)
        return f"{target} is included by .cpp files only: its types stay behind our headers" if in_header else None
    return f"no rule allows {target}; a new dependency is added to tools/check_boundaries.py with the layers that may see it"


def check_file(path, text):
    """(line, rule) of each include of a file that breaks one."""
    for match in INCLUDE.finditer(text):
        rule = (check_ours if match[1] == '"' else check_foreign)(path, match[2])
        if rule:
            yield text.count("\n", 0, match.start()) + 1, f'{match[2]}: {rule}'


def check(root):
    """All problems below root/src, one line each."""
    source = pathlib.Path(root) / "src"
    return [f"src/{file.relative_to(source).as_posix()}:{line}: {rule}"
            for file in sorted(source.glob("**/*.?pp"))
            for line, rule in check_file(file.relative_to(source).as_posix(), file.read_text())]


def main():
    problems = check(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    print("\n".join([*problems, f"check_boundaries: {len(problems)} problems"]))
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
