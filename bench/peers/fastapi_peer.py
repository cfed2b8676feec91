"""What kinora's route "one video" does, by hand, for FastAPI. The statements are kinora's own, on a copy of its database."""
import base64
import datetime
import hmac
import json
import os
import pathlib
import sqlite3
import time
import uuid

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse

SECRET = os.environ["JWT_SECRET"].encode()
STATEMENTS = json.loads((pathlib.Path(__file__).parent / "video.json").read_text())
BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
LIMIT, APART = 10**9, 60 / 10**9

app = FastAPI()
database = sqlite3.connect(f"file:{os.environ['DATABASE']}?mode=ro", uri=True, check_same_thread=False)
database.row_factory = sqlite3.Row
on_time = {}
counts = {}


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def authenticated(request: Request):
    token = request.headers.get("authorization", "").removeprefix("Bearer ").split(".")
    if len(token) != 3:
        raise HTTPException(401)
    wanted = hmac.digest(SECRET, f"{token[0]}.{token[1]}".encode(), "sha256")
    if not hmac.compare_digest(wanted, unbase64(token[2])):
        raise HTTPException(401)
    claims = json.loads(unbase64(token[1]))
    if claims["exp"] <= time.time() or claims["typ"] != "access":
        raise HTTPException(401)
    known = database.execute(STATEMENTS["session"], (claims["sid"], claims["userId"], time.time_ns() // 1000)).fetchone()
    if known is None:
        raise HTTPException(401)
    return known["user_id"]


def count(user):
    now = time.monotonic()
    due = max(on_time.get(user, 0), now)
    if due + APART - now > APART * LIMIT:
        raise HTTPException(429)
    on_time[user] = due + APART
    remaining = int((APART * LIMIT - (due + APART - now)) / APART)
    return {"RateLimit-Limit": str(LIMIT), "RateLimit-Remaining": str(remaining), "RateLimit-Reset": "1",
            "RateLimit-Policy": f"{LIMIT};w=60"}


def id_text(prefix, text):
    number = uuid.UUID(text).int
    return prefix + "".join(BASE32[number >> shift & 31] for shift in range(125, -1, -5))


def uuid_of(text):
    number = 0
    for digit in text[text.index("_") + 1:]:
        number = number << 5 | BASE32.index(digit)
    return str(uuid.UUID(int=number))


def grant_of(canonical, epoch):
    body = uuid.UUID(canonical).bytes + epoch.to_bytes(4, "big") + int(time.time() + 21600).to_bytes(8, "big")
    return base64.urlsafe_b64encode(body + hmac.digest(SECRET, body, "sha256")[:16]).decode().rstrip("=")


def time_text(micros):
    if micros is None:
        return None
    return datetime.datetime.fromtimestamp(micros / 1e6, datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def view(row, stages, files, name):
    info = json.loads(row["metadata"] or "{}")
    picture = info.get("video") or {}
    base = "/media/" + grant_of(row["id"], row["playback_epoch"])
    poster = next((file["name"] for file in files if file["kind"] == "poster"), None)
    over = sum(stage["state"] in ("done", "skipped") for stage in stages)
    return {
        "id": name, "number": row["number"], "user_id": id_text("usr_", row["user_id"]), "user_name": None, "title": row["title"],
        "description": row["description"], "status": row["status"], "status_message": row["status_message"],
        "progress": 100 * over // len(stages),
        "stages": [{"name": stage["stage"], "state": stage["state"], "progress": 100 if stage["state"] == "done" else 0,
                    "error": stage["error"] and json.loads(stage["error"])} for stage in stages],
        "source": {"kind": row["source_kind"], "url": None, "external_id": None}, "channel_id": None,
        "duration": row["duration"], "width": picture.get("width"), "height": picture.get("height"),
        "fps": picture.get("frames_per_second"), "size_bytes": row["file_size"], "container": info.get("container"),
        "language": row["language"], "visibility": row["visibility"], "tags": json.loads(row["tags"]), "key": name[4:],
        "poster_url": poster and f"{base}/{poster}",
        "captions": [{"language": file["language"] or "und", "label": file["language"] or "und", "kind": "captions",
                      "url": f"{base}/{file['name']}"} for file in files if file["kind"] == "captions"],
        "processed_at": time_text(row["processed_at"]), "created_at": time_text(row["created_at"]),
        "updated_at": time_text(row["updated_at"]),
    }


@app.get("/api/v1/videos/{name}")
async def show(name: str, user: str = Depends(authenticated)) -> Response:
    headers = count(user)
    canonical = uuid_of(name)
    row = database.execute(STATEMENTS["video"], (canonical,)).fetchone()
    if row is None or row["deleted_at"] is not None or (row["visibility"] == "private" and row["user_id"] != user):
        raise HTTPException(404)
    stages = database.execute(STATEMENTS["stages"], (canonical,)).fetchall()
    files = database.execute(STATEMENTS["files"], (canonical,)).fetchall()
    counts["videos"] = counts.get("videos", 0) + 1
    return JSONResponse(view(row, stages, files, name), headers=headers)
