// What kinora's route "one video" does, by hand, for the peers of Node: the token, the limit, a count, the rows, the view.
// The statements are kinora's own, on a copy of its database.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";

const secret = process.env.JWT_SECRET;
const statements = JSON.parse(readFileSync(new URL("video.json", import.meta.url)));
const database = new Database(process.env.DATABASE, { readonly: true });
const [session, video, stages, files] = ["session", "video", "stages", "files"].map((name) => database.prepare(statements[name]));
const limit = { count: 1e9, apartMs: 60_000 / 1e9 };
const onTime = new Map();
export const counts = new Map();

export class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
  }
}

export function authenticate(authorization) {
  const token = authorization?.startsWith("Bearer ") ? authorization.slice(7) : "";
  const [header, payload, mac] = token.split(".");
  if (!mac) throw new Refused(401, "unauthorised");
  const wanted = createHmac("sha256", secret).update(`${header}.${payload}`).digest();
  const sent = Buffer.from(mac, "base64url");
  if (sent.length !== wanted.length || !timingSafeEqual(sent, wanted)) throw new Refused(401, "unauthorised");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  if (claims.exp * 1000 <= Date.now() || claims.typ !== "access") throw new Refused(401, "token_expired");
  const known = session.get(claims.sid, claims.userId, Date.now() * 1000);
  if (!known) throw new Refused(401, "unauthorised");
  return known;
}

/** The fields of the answer's head that tell a caller his limit; counts him by the same arithmetic as kinora (GCRA). */
export function count(user) {
  const now = performance.now();
  const due = Math.max(onTime.get(user) ?? 0, now);
  const burst = limit.apartMs * limit.count;
  if (due + limit.apartMs - now > burst) throw new Refused(429, "rate_limited");
  onTime.set(user, due + limit.apartMs);
  const remaining = Math.floor((burst - (due + limit.apartMs - now)) / limit.apartMs);
  const reset = Math.ceil((due + limit.apartMs - now) / 1000);
  return {
    "RateLimit-Limit": String(limit.count), "RateLimit-Remaining": String(remaining), "RateLimit-Reset": String(reset),
    "RateLimit-Policy": `${limit.count};w=60`,
  };
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
function idText(prefix, uuid) {
  let number = BigInt("0x" + uuid.replaceAll("-", ""));
  let text = "";
  for (let i = 0; i < 26; ++i, number >>= 5n) text = alphabet[Number(number & 31n)] + text;
  return prefix + text;
}
export function uuidOf(text) {
  let number = 0n;
  for (const digit of text.slice(text.indexOf("_") + 1)) number = (number << 5n) | BigInt(alphabet.indexOf(digit));
  const hex = number.toString(16).padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function grantOf(uuid, epoch) {
  const body = Buffer.alloc(28);
  body.write(uuid.replaceAll("-", ""), "hex");
  body.writeUInt32BE(epoch, 16);
  body.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000) + 21600), 20);
  return Buffer.concat([body, createHmac("sha256", secret).update(body).digest().subarray(0, 16)]).toString("base64url");
}

const time = (micros) => (micros === null ? null : new Date(micros / 1000).toISOString());

export function view(user, id) {
  const uuid = uuidOf(id);
  const row = video.get(uuid);
  if (!row || row.deleted_at !== null || (row.visibility === "private" && row.user_id !== user)) throw new Refused(404, "not_found");
  const progress = stages.all(uuid);
  const named = files.all(uuid);
  const info = JSON.parse(row.metadata ?? "{}");
  const base = `/media/${grantOf(uuid, row.playback_epoch)}`;
  const poster = named.find((file) => file.kind === "poster");
  const over = progress.filter((stage) => stage.state === "done" || stage.state === "skipped").length;
  counts.set("videos", (counts.get("videos") ?? 0) + 1);
  return {
    id, number: row.number, user_id: idText("usr_", row.user_id), user_name: null, title: row.title, description: row.description,
    status: row.status, status_message: row.status_message, progress: Math.floor((100 * over) / progress.length),
    stages: progress.map((stage) => ({ name: stage.stage, state: stage.state, progress: stage.state === "done" ? 100 : 0,
                                       error: stage.error ? JSON.parse(stage.error) : null })),
    source: { kind: row.source_kind, url: null, external_id: null }, channel_id: null, duration: row.duration,
    width: info.video?.width ?? null, height: info.video?.height ?? null, fps: info.video?.frames_per_second ?? null,
    size_bytes: row.file_size, container: info.container ?? null, language: row.language, visibility: row.visibility,
    tags: JSON.parse(row.tags), key: id.slice(4), poster_url: poster ? `${base}/${poster.name}` : null,
    captions: named.filter((file) => file.kind === "captions").map((file) => ({
      language: file.language ?? "und", label: file.language ?? "und", kind: "captions", url: `${base}/${file.name}` })),
    processed_at: time(row.processed_at), created_at: time(row.created_at), updated_at: time(row.updated_at),
  };
}
