#!/usr/bin/env python3
"""Some hundred forged credentials, each of which must be refused, and all in the same words.

    python3 tests/access/forged.py --kinora build/dev/kinora

Access tokens are forged by somebody who knows everything but the secret, and, worse, by somebody who can sign: then only what
kinora itself would have written may pass. Refresh tokens, API keys and media links are edited.
"""
import argparse
import base64
import hashlib
import http.client
import json
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenario"))
import server  # noqa: E402
import tokens  # noqa: E402
from tokens import HEADER, SECRET, claims_of, part, signed  # noqa: E402

WRONG_VALUES = [None, "", 0, -1, 1, 2**63, 1e308, True, [], {}, "kinora ", "KINORA", ["kinora"], "refresh", "\u0000", "x" * 3000]


def with_other_headers(token):
    """alg none and swapped, keys named by the token itself, extensions that claim to be critical."""
    claims = claims_of(token)
    _, payload, mac = token.split(".")
    headers = [{**HEADER, "alg": alg} for alg in ("none", "None", "nOnE", "NONE", "", "hs256", "HS256 ", None, ["HS256"], 0)]
    headers += [{**HEADER, "alg": alg} for alg in ("HS384", "HS512", "RS256", "RS512", "PS256", "ES256", "ES512", "EdDSA", "ES256K", "dir", "A256KW")]
    headers += [{**HEADER, "kid": kid} for kid in ("../../../../dev/null", "/dev/null", "' UNION SELECT 'a", "|id", "0", "", None)]
    headers += [{**HEADER, key: value} for key in ("jku", "x5u") for value in ("https://127.0.0.1/keys.json", "file:///dev/null")]
    headers += [{**HEADER, "jwk": {"kty": "oct", "k": part("a")}}, {**HEADER, "x5c": ["MII"]}, {**HEADER, "crit": ["exp"]},
                {**HEADER, "crit": []}, {**HEADER, "b64": False, "crit": ["b64"]}, {**HEADER, "zip": "DEF"}, {**HEADER, "cty": "JWT"},
                {"alg": "HS256"}, {"typ": "JWT"}, {"alg": "HS256", "typ": "at+jwt"}, {"typ": "JWT", "alg": "HS256"}, {}, [], "", "null"]
    headers += ['{"alg":"HS256","alg":"none","typ":"JWT"}', '{"alg":"none","alg":"HS256","typ":"JWT"}', '{"alg": "HS256","typ":"JWT"}',
                '\ufeff{"alg":"HS256","typ":"JWT"}', '{"alg":"HS256","typ":"JWT"}\n', '{"\\u0061lg":"HS256","typ":"JWT"}']
    for header in headers:
        yield f"{part(header)}.{payload}."
        yield f"{part(header)}.{payload}.{mac}"
        yield signed(header, claims)


def with_other_keys(token):
    claims = claims_of(token)
    for key in ("", "\0", "secret", "kinora", SECRET[:-1], SECRET + "\0", SECRET.upper(), hashlib.sha256(SECRET.encode()).hexdigest()):
        yield signed(HEADER, claims, key)
    for digest in (hashlib.sha1, hashlib.sha384, hashlib.sha512, hashlib.sha3_256):
        yield signed(HEADER, claims, digest=digest)


def with_other_claims(token):
    """Signed rightly: each must fail by what it says."""
    claims = claims_of(token)
    for name, right in claims.items():
        if name in ("email", "subscriptionType", "jti", "exp"):  # said, not trusted; the expired have a word of their own
            continue
        yield signed(HEADER, {key: value for key, value in claims.items() if key != name})
        for wrong in WRONG_VALUES:
            if wrong != right and not (name == "iat" and wrong in (0, 1, -1)):
                yield signed(HEADER, {**claims, name: wrong})
        yield signed(HEADER, json.dumps(claims, separators=(",", ":"))[:-1] + f',"{name}":{json.dumps(right)}}}')
    for name, value in (("nbf", 0), ("nbf", 2**40), ("role", "admin"), ("crit", ["exp"]), ("admin", True), ("scope", "admin")):
        yield signed(HEADER, {**claims, name: value})
    yield signed(HEADER, {**claims, "exp": "tomorrow"})
    yield signed(HEADER, {**claims, "iat": int(time.time()) + 3600})
    yield signed(HEADER, json.dumps(claims))
    yield signed(HEADER, json.dumps(dict(reversed(claims.items())), separators=(",", ":")))


def with_other_bytes(token):
    header, payload, mac = token.split(".")
    for size in range(0, len(token), 9):
        yield token[:size]
    for at in range(0, len(token), 7):
        letter = "A" if token[at] not in "A." else "B"
        yield token[:at] + letter + token[at + 1:]
    padded = base64.urlsafe_b64encode(tokens.part(HEADER).encode()).decode()
    yield from (f"{header}=.{payload}.{mac}", f"{header}.{payload}=.{mac}", f"{header}.{payload}.{mac}=", f"{header}.{payload}.{mac}==",
                f"{padded}.{payload}.{mac}", f"{header}.{payload}.{mac}.", f".{header}.{payload}.{mac}", f"{header}..{mac}", "..", ".",
                f"{header}.{payload}.{mac}.{mac}.{mac}", f"{mac}.{payload}.{header}", f"{token},{token}", f"{token} {token}",
                f'"{token}"', f"Bearer {token}", "null", "undefined", "x" * 7000, f"{header}.{payload}.{mac.swapcase()}",
                f"{header}.{'A' * 6000}.{mac}", f"{header}.{payload}.{mac[:-1]}%3D", json.dumps({"payload": payload, "signature": mac}))


class Api:
    def __init__(self, process):
        self.process = process

    def ask(self, method, target, token=None, fields=None):
        """Status and what the answer says, but for what names this one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.process.port, timeout=60)
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token is not None else {})}
        connection.request(method, target, json.dumps(fields).encode() if fields is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, json.loads(body) if body[:1] == b"{" else body.decode("utf-8", "replace")


def told(answer):
    status, body = answer
    return status, {name: value for name, value in body.items() if name not in ("request_id", "instance")} if isinstance(body, dict) else body


def refused_alike(what, answers, status):
    """What is wrong: an answer of another status, or in other words than the first."""
    wrong = [f"{what}: {sent[:90]!r} was answered {answer}" for sent, answer in answers if answer[0] != status]
    return wrong or [f"{what}: {sent[:90]!r} was answered {answer}, another {answers[0][1]}" for sent, answer in answers
                     if answer != answers[0][1]]


def check_access_tokens(api, token):
    forged = [each for make in (with_other_headers, with_other_keys, with_other_claims, with_other_bytes) for each in make(token)]
    forged = [each for each in dict.fromkeys(forged) if each.strip() and each != token]
    return len(forged), refused_alike("access token", [(each, told(api.ask("GET", "/api/v1/users/me", each))) for each in forged], 401)


def check_refresh_tokens(api, pair):
    """One for the other, and each a little changed; the right one then still works."""
    right = pair["refresh_token"]
    forged = [pair["access_token"][:500], right[:-1], right + "A", right.swapcase(), right[::-1], "x", "x" * 500]
    forged += [right[:at] + ("A" if right[at] != "A" else "B") + right[at + 1:] for at in range(0, len(right), 5)]
    answers = [(each, told(api.ask("POST", "/api/v1/auth/refresh", None, {"refresh_token": each}))) for each in forged]
    wrong = refused_alike("refresh token", answers, 401)
    as_access = api.ask("GET", "/api/v1/users/me", right)
    if as_access[0] != 401:
        wrong.append(f"a refresh token was taken for an access token: {as_access}")
    again = api.ask("POST", "/api/v1/auth/refresh", None, {"refresh_token": right})
    if again[0] != 200:
        wrong.append(f"the right refresh token was refused after the forged ones: {again}")
    return len(forged) + 1, wrong


def check_keys(api, key):
    start = key.index("_") + 1  # by what stands before it a key is told from a token
    forged = [key[:size] for size in range(start, len(key), 5)] + [key + "A", key[:start] + key[start:].swapcase()]
    forged += [key[:at] + ("A" if key[at] != "A" else "B") + key[at + 1:] for at in range(start, len(key), 5)]
    return len(forged), refused_alike("API key", [(each, told(api.ask("GET", "/api/v1/users/me", each))) for each in forged], 401)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    kinora = parser.parse_args().kinora.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-forged-"))
    process = server.Server(kinora, folder, {"RATE_LIMIT_DEFAULT": "off", "JWT_SECRET": SECRET})
    try:
        process.start()
        api = Api(process)
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana"}
        _, pair = api.ask("POST", "/api/v1/setup", None, {**person, "token": process.setup_token})
        token = pair["access_token"]
        _, key = api.ask("POST", "/api/v1/api-keys", token, {"name": "reader", "scopes": ["read"]})
        checks = [check_access_tokens(api, token), check_keys(api, key["secret"]), check_refresh_tokens(api, pair)]
        right = [api.ask("GET", "/api/v1/users/me", each)[0] for each in (token, key["secret"], tokens.changed(token))]
        process.stop()
    finally:
        process.kill()
        shutil.rmtree(folder)
    wrong = [each for _, found in checks for each in found]
    if right != [200, 200, 200]:
        wrong.append(f"the right token, the right key and a token made in their likeness got {right}")
    print("\n".join([*wrong, f"{sum(count for count, _ in checks)} forged credentials, {len(wrong)} wrong"]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
