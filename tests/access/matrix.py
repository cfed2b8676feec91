#!/usr/bin/env python3
"""Every route of the native API x everyone who may call it: who is let in follows from the route's own declaration.

    python3 tests/access/matrix.py --kinora build/dev/kinora

The routes, their access rule and their scope are read from the OpenAPI document of a real server, so that a new route is asked
without a line here. What belongs to one account must look to everyone else as if it did not exist: of each noun the owner makes
one, and others must get the answer of an unknown id, wherever it stands: in a path, in a query, in a body. A noun of which nothing
is made here fails.
"""
import argparse
import http.client
import json
import pathlib
import re
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenario"))
import server
import tokens

MEDIA = pathlib.Path(__file__).resolve().parent.parent / "media/short.mp4"
UNCOUNTED = {f"RATE_LIMIT_{name}": "off" for name in ("LOGIN", "SIGNUP", "DEFAULT", "UPLOAD", "CHAT", "SUMMARIZE", "MEDIA")}
UNKNOWN = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
UNKNOWN_TEXT = "01fwhe4ydgfk1shh6w1g60ewwz"  # the same, as ids are written
PASSWORD = "correct horse"
METHODS = {"get", "post", "put", "patch", "delete"}

LET_IN, LET_IN_OR_401, UNAUTHORISED, FORBIDDEN = "let in", "let in or 401", "401", "403"


def expected(access, scope, who):
    """What the declaration of a route says of somebody. `key` is one with the scope read, of a person who is no admin."""
    if access == "public":
        return LET_IN
    if who in ("revoked", "expired") or (who == "anonymous" and access != "optional"):
        return UNAUTHORISED
    if who == "anonymous":
        return LET_IN_OR_401  # the thing itself decides: public ones are shown
    if access == "session":
        return UNAUTHORISED  # everyone here comes with a bearer token
    if who == "key" and scope != "read":
        return FORBIDDEN
    if access == "admin":
        return LET_IN if who == "admin" else FORBIDDEN
    return LET_IN


def found(access, answer):
    if answer.status == 401:
        return UNAUTHORISED
    if answer.status == 403 and access != "public":  # there a 403 is of what was asked for: a grant that is none
        return FORBIDDEN
    return LET_IN


class Answer:
    def __init__(self, response):
        self.status = response.status
        is_stream = (response.headers["Content-Type"] or "").startswith("text/event-stream")
        self.text = "" if is_stream else response.read().decode("utf-8", "replace")

    def json(self):
        return json.loads(self.text)

    def told(self, ids):
        """What a client learns, but for what names its own request."""
        if not self.text.startswith("{"):
            return self.status, self.text
        body = {name: value for name, value in self.json().items() if name not in ("instance", "request_id")}
        text = json.dumps(body, sort_keys=True)
        for known in ids:
            text = text.replace(known, "<id>")
        return self.status, re.sub(r"[a-z]{3}_[0-9a-z]{26}", "<id>", text)


class Api:
    def __init__(self, port):
        self.port = port
        self.people = 0

    def ask(self, method, path, token=None, body=None, content_type="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is None and method in ("POST", "PUT", "PATCH"):
            body = b"{}"
        if body is not None:
            headers["Content-Type"] = content_type
        try:
            connection.request(method, path, body=body, headers=headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def made(self, path, fields, token=None):
        answer = self.ask("POST", path, token, json.dumps(fields).encode())
        if answer.status not in (200, 201):
            sys.exit(f"POST {path} answered {answer.status}: {answer.text}")
        return answer.json()

    def sign_up(self):
        self.people += 1
        fields = {"email": f"person{self.people}@example.test", "password": PASSWORD, "name": "Person"}
        return self.made("/api/v1/auth/signup", fields)["access_token"]

    def log_in_admin(self):
        return self.made("/api/v1/auth/login", {"email": "root@example.test", "password": PASSWORD})["access_token"]

    def revoked(self):
        token = self.sign_up()
        self.ask("POST", "/api/v1/auth/logout", token)
        return token

    def expired(self):
        return tokens.changed(self.sign_up(), exp=1)

    def reading_key(self):
        return self.made("/api/v1/api-keys", {"name": "reader", "scopes": ["read"]}, self.sign_up())["secret"]


def upload(api, owner):
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n' + MEDIA.read_bytes() + b"\r\n--x--\r\n"
    answer = api.ask("POST", "/api/v1/videos/upload", owner, form, "multipart/form-data; boundary=x")
    return answer.json()


def examples(api, owner):
    """One thing of the owner's for each noun that stands before an {id}."""
    uploaded = upload(api, owner)
    chat = api.made("/api/v1/chats", {"title": "Mine"}, owner)["id"]
    return {
        "videos": uploaded["video"]["id"],
        "jobs": uploaded["job"]["id"],
        "chats": chat,
        "messages": api.made(f"/api/v1/chats/{chat}/messages", {"content": "What is mine?"}, owner)["message"]["id"],
        "sessions": api.ask("GET", "/api/v1/sessions", owner).json()["data"][0]["id"],
        "api-keys": api.made("/api/v1/api-keys", {"name": "mine", "scopes": ["read"]}, owner)["api_key"]["id"],
    }


def with_ids(path, ids):
    """The path with an id of each noun; None when a noun has none."""
    missing = []

    def value(match):
        noun, name = match[1], match[2]
        if name != "id":
            return f"{noun}/none"
        if noun not in ids:
            missing.append(noun)
        return f"{noun}/{ids.get(noun)}"

    filled = re.sub(r"([\w-]+)/\{(\w+)\}", value, re.sub(r"\}/\{(\w+)\}", r"}/none", path))
    return None if missing else filled


class Everything(dict):
    def __contains__(self, key):
        return True

    def get(self, key, default=None):
        return UNKNOWN


def check_access(api, operations):
    """Everyone on every route, asking for what is not there."""
    wrong, count = [], 0
    callers = {"anonymous": lambda: None, "user": api.sign_up, "admin": api.log_in_admin, "revoked": api.revoked,
               "expired": api.expired, "key": api.reading_key}
    for method, path, operation in operations:
        access, scope = operation["x-kinora-access"], operation.get("x-kinora-scope")
        for who, make in callers.items():
            # Everyone is new each time: a route may end the session that asks, or all of its account.
            answer = api.ask(method, with_ids(path, Everything()), make())
            wanted, got = expected(access, scope, who), found(access, answer)
            count += 1
            if got != wanted and not (wanted == LET_IN_OR_401 and got in (LET_IN, UNAUTHORISED)):
                wrong.append(f"{method} {path} ({access}, {scope}): {who} should be {wanted}, found {answer.status} {answer.text[:200]}")
    return wrong, count


def places_of_ids(schema, schemas):
    """Yields where ids stand in what a schema describes: the kind of each, and the way there."""
    schema = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    if found := re.match(r"\^\((\w{3})_", schema.get("pattern", "")):
        yield found[1], []
    inner = [([name], each) for name, each in schema.get("properties", {}).items()]
    inner += [([0], schema["items"])] if "items" in schema else []
    inner += [([], each) for each in schema.get("anyOf", ())]
    for step, each in inner:
        yield from ((kind, step + way) for kind, way in places_of_ids(each, schemas))


def at_the_end_of(way, value):
    for step in reversed(way):
        value = [value] if step == 0 else {step: value}
    return value


def requests_naming(operation, schemas):
    """Yields (kind of id, what makes a query and a body of an id) for each id that a request names outside of its path."""
    parameters = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
    words = "&q=anything" if any(each["name"] == "q" for each in parameters) else ""
    for parameter in parameters:
        for kind, _ in places_of_ids(parameter["schema"], schemas):
            yield kind, lambda id_, name=parameter["name"]: (f"?{name}={id_}{words}", None)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for kind, way in places_of_ids(body.get("schema", {}), schemas):
        yield kind, lambda id_, way=way: ("", json.dumps(at_the_end_of(way, id_)).encode())


def check_references(api, operations, schemas):
    """Whoever names Ana's in a query or a body learns no more of it than of what never was."""
    owner, stranger = api.sign_up(), api.sign_up()
    mine = examples(api, owner)
    by_kind = {id_.split("_")[0]: id_ for id_ in mine.values()}
    ids = [*mine.values(), UNKNOWN]
    wrong, count = [], 0
    for method, path, operation in operations:
        for kind, request in requests_naming(operation, schemas):
            if kind not in by_kind or operation["x-kinora-access"] == "admin":
                continue
            answers = []
            for id_ in (by_kind[kind], f"{kind}_{UNKNOWN_TEXT}"):
                query, body = request(id_)
                answers.append(api.ask(method, with_ids(path, Everything()) + query, stranger, body).told([*ids, f"{kind}_{UNKNOWN_TEXT}"]))
            count += 1
            if answers[0] != answers[1]:
                wrong.append(f"{method} {path} naming a {kind}: a stranger gets {answers[0]} for Ana's and {answers[1]} for what is not there")
    return wrong, count


def check_ownership(api, operations):
    """What is Ana's looks to others like what never was; to her it is there."""
    owner = api.sign_up()
    mine = examples(api, owner)
    ids = [*mine.values(), UNKNOWN]
    wrong, count, without = [], 0, set()
    for method, path, operation in operations:
        if "{id}" not in path or operation["x-kinora-access"] == "admin":
            continue
        filled = with_ids(path, mine)
        if filled is None:
            without.update(noun for noun in re.findall(r"([\w-]+)/\{id\}", path) if noun not in mine)
            continue
        for who, token in (("another user", api.sign_up()), ("nobody", None)):
            foreign, unknown = api.ask(method, filled, token), api.ask(method, with_ids(path, Everything()), token)
            count += 1
            if foreign.told(ids) != unknown.told(ids):
                wrong.append(f"{method} {path}: {who} gets {foreign.told(ids)} for Ana's and {unknown.told(ids)} for what is not there")
        if method == "GET":
            answer = api.ask("GET", filled, owner)
            count += 1
            if answer.status == 404 and "is no" not in answer.text and '"not_ready"' not in answer.text:
                wrong.append(f"GET {path}: Ana does not find her own: {answer.text[:200]}")
    return wrong, count, without


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    kinora = parser.parse_args().kinora.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-access-"))
    process = server.Server(kinora, folder, {**UNCOUNTED, "JWT_SECRET": tokens.SECRET, "KINORA_MODELS": str(folder)})
    try:
        process.start()
        api = Api(process.port)
        api.made("/api/v1/setup", {"token": process.setup_token, "email": "root@example.test", "password": PASSWORD, "name": "Root"})
        document = api.ask("GET", "/api/v1/openapi.json").json()
        paths, schemas = document["paths"], document["components"]["schemas"]
        operations = [(method.upper(), path, operation) for path, methods in paths.items()
                      for method, operation in methods.items() if method in METHODS]
        refused, asked = check_access(api, operations)
        leaked, compared, without = check_ownership(api, operations)
        told, named = check_references(api, operations, schemas)
        process.stop()
    finally:
        process.kill()
        shutil.rmtree(folder)
    without = [f"nothing is made here of {noun}: give examples() one" for noun in sorted(without)]
    unnamed = [] if named else ["no request names an id in its query or body: their schemas have lost their patterns"]
    wrong = [*refused, *leaked, *told, *without, *unnamed]
    print("\n".join([*wrong, f"{len(operations)} routes, {asked} callers, {compared} ids in paths, {named} elsewhere, "
                             f"{len(wrong)} wrong"]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
