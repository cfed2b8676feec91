"""b: one upload of 1 GiB, hashed and durable before the answer, against nginx DAV and @tus/server; memory per upload."""
import struct
import threading

import kinora
import peers
from measure import Alone, Bar, Contender, Line, compare, resident_bytes
from sender import request, sent

TITLE = "uploads"
MIB = 1 << 20
GIB = 1 << 30
LAPS = 4
AT_ONCE = 8
EACH = 128 * MIB


def run(bench):
    folder = bench.folder("b")
    with kinora.Kinora(bench.program, folder / "kinora") as ours:
        ours.sign_in()
        clip = kinora.clip(bench.root)
        memory = memory_lines(ours, clip)
        with nginx_dav(folder) as nginx, tus_server(folder) as tus:
            lines = compare("b", "upload of 1 GiB", by_form(ours, clip),
                            [(by_put(nginx), Bar(1.0)), (by_tus(tus), Bar(0.5))], LAPS)
        return [*lines, *memory]


def form(ours, clip, size_bytes):
    """Head, beginning, number of zeros and end of a form. Its file is the clip and a box of zeros that players skip."""
    boundary = "kinora-bench"
    start = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="large.mp4"\r\n\r\n'.encode()
    gap = size_bytes - len(clip)
    beginning = start + clip + struct.pack(">I4s", gap, b"free")
    end = f"\r\n--{boundary}--\r\n".encode()
    head = request("POST", "/api/v1/videos/upload", len(start) + size_bytes + len(end),
                   [*ours.credentials(), f"Content-Type: multipart/form-data; boundary={boundary}"])
    return head, beginning, gap - 8, end


def by_form(ours, clip):
    """The server's own process: the children that look at the video afterwards are no part of its upload."""
    def work():
        ours.forget(sent(ours.port, *form(ours, clip, GIB)))
        return 1
    return Contender("kinora", Alone(ours.tree.pid), work)


def nginx_dav(folder):
    (folder / "dav").mkdir()
    return peers.nginx_peer(folder, f"location / {{ root {folder}/dav; dav_methods PUT DELETE; client_max_body_size 2g; "
                                    f"client_body_temp_path {folder}/dav; }}")


def by_put(nginx):
    def work():
        sent(nginx.port, request("PUT", "/large.mp4", GIB), b"", GIB)
        return 1
    return Contender("nginx DAV", nginx.tree, work)


def tus_server(folder):
    (folder / "tus").mkdir()
    return peers.node_peer("@tus/server", "tus.mjs", folder, {"FOLDER": str(folder / "tus")})


def by_tus(tus):
    def work():
        made = sent(tus.port, request("POST", "/files", 0, ["Tus-Resumable: 1.0.0", f"Upload-Length: {GIB}"]))
        place = next(line for line in made.decode().split("\r\n") if line.lower().startswith("location:"))
        path = "/files/" + place.rpartition("/")[2]
        sent(tus.port, request("PATCH", path, GIB, ["Tus-Resumable: 1.0.0", "Upload-Offset: 0",
                                                    "Content-Type: application/offset+octet-stream"]), b"", GIB)
        sent(tus.port, request("DELETE", path, 0, ["Tus-Resumable: 1.0.0"]))
        return 1
    return Contender("@tus/server", tus.tree, work)


def memory_lines(ours, clip):
    """What the server's own process grows by, at its highest, while uploads come in."""
    pid = ours.tree.pid
    sent(ours.port, *form(ours, clip, EACH))  # what a first upload brings to stay
    idle = resident_bytes(pid)
    one = peak_during(pid, [threading.Thread(target=sent, args=(ours.port, *form(ours, clip, 4 * EACH)))]) - idle
    many = [threading.Thread(target=sent, args=(ours.port, *form(ours, clip, EACH))) for _ in range(AT_ONCE)]
    eight = peak_during(pid, many) - idle
    return [Line("b", "memory of one upload", "-", one / MIB, "MiB", Bar(4)),
            Line("b", f"memory of {AT_ONCE} uploads at once", "-", eight / MIB, "MiB", Bar(32))]


def peak_during(pid, threads):
    for thread in threads:
        thread.start()
    peak = 0
    while any(thread.is_alive() for thread in threads):
        peak = max(peak, resident_bytes(pid))
        threads[0].join(0.01) if threads[0].is_alive() else threads[-1].join(0.01)
    return peak
