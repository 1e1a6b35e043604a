"""How fast are exports, what memory do they take, and what do they cost those who answer meanwhile?

    cargo build --locked --release && python3 tests/bench/export.py target/release/parere 1000000

Makes a demo shop with so many answers, has each format over HTTP from a serving collector, and prints a table: rows a
second, and the most memory above what the collector took before. Beside it, by turns, the sqlite3 shell writes the
same rows as CSV. Then answers are sent one by one, without and with exports that go on all the time.
"""

import datetime
import http.client
import multiprocessing
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

PARERE, ROWS = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
TOKEN = "bench-0123456789abcdef"
FORMATS = ["csv", "ndjson", "parquet", "xlsx"]
SHELL = """SELECT lower(hex(id)), survey, metric, instrument, revision, score, band, comment, choices, locale, channel,
  touchpoint, device, page, ref, attributes, test, flags, inclusion,
  strftime('%Y-%m-%dT%H:%M:%fZ', occurred_at_ms / 1000.0, 'unixepoch'),
  strftime('%Y-%m-%dT%H:%M:%fZ', received_at_ms / 1000.0, 'unixepoch')
  FROM responses WHERE site = 'pk_demo' ORDER BY seq"""
PLAIN = SHELL.replace("strftime('%Y-%m-%dT%H:%M:%fZ', ", "").replace(" / 1000.0, 'unixepoch')", "")


def memory_mib(process, field):
    for line in open(f"/proc/{process.pid}/status"):
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024


def connect(address):
    url = urllib.parse.urlparse(address)
    return http.client.HTTPConnection(url.hostname, url.port, timeout=600)


def export(address, ending):
    """Takes a whole export and keeps nothing of it; how many bytes and seconds."""
    connection, began = connect(address), time.monotonic()
    connection.request("GET", f"/api/v1/sites/pk_demo/responses.{ending}", headers={"Authorization": f"Bearer {TOKEN}"})
    reply, length = connection.getresponse(), 0
    assert reply.status == 200, reply.status
    while piece := reply.read(1 << 20):
        length += len(piece)
    return length, time.monotonic() - began


def keep_exporting(address, ending):
    # It sits elsewhere in life; here it gives way, so that only what the collector does is measured.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    while True:
        export(address, ending)


def shell(folder, query):
    began = time.monotonic()
    with open(f"{folder}/shell.csv", "wb") as file:
        subprocess.run(["sqlite3", "-readonly", "-csv", "-header", f"{folder}/parere.db", query], stdout=file, check=True)
    return os.path.getsize(f"{folder}/shell.csv"), time.monotonic() - began


def command(folder, ending):
    began, path = time.monotonic(), f"{folder}/command.{ending}"
    subprocess.run([PARERE, "export", "--site", "pk_demo", "--output", path], check=True, cwd=folder)
    return os.path.getsize(path), time.monotonic() - began


def answer(connection):
    made = int(datetime.datetime.now().timestamp() * 1000)
    identity = uuid.UUID(int=(made << 80) | (7 << 76) | (2 << 62) | random.getrandbits(62))
    body = f'{{"site":"pk_demo","survey":"nps","id":"{identity}","revision":1,"score":9,"comment":"Comode"}}'
    began = time.monotonic()
    connection.request("POST", "/v1/responses", body, {"Content-Type": "text/plain", "Origin": "http://localhost:1"})
    reply = connection.getresponse()
    assert b"stored" in reply.read()
    return time.monotonic() - began


def waits_ms(address, seconds):
    """How long answers wait that come one after the other, a hundred a second."""
    connection, waits, due = connect(address), [], time.monotonic()
    end = due + seconds
    while due < end:
        time.sleep(max(0, due - time.monotonic()))
        waits.append(answer(connection) * 1000)
        due = max(due + 0.01, time.monotonic())
    waits.sort()
    return waits[len(waits) // 2], waits[int(len(waits) * 0.99)]


def serve(folder):
    environment = os.environ | {"PARERE_ADMIN_TOKEN": TOKEN}
    arguments = [PARERE, "serve", "--listen", "127.0.0.1:0", "--rate-limit", "off"]
    process = subprocess.Popen(arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if "src=" in line:
            return process, line.split('src="')[1].split("/v1/")[0]


def main():
    with tempfile.TemporaryDirectory() as folder:
        process, _ = serve(folder)
        process.terminate()
        process.wait()
        subprocess.run([PARERE, "demo", "--responses", str(ROWS)], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        count = ["sqlite3", "-readonly", f"{folder}/parere.db", "SELECT count(*) FROM responses WHERE site = 'pk_demo'"]
        rows = int(subprocess.run(count, check=True, capture_output=True, text=True).stdout)
        rates = {}
        note = lambda what, found: rates.setdefault(what, []).append((rows / found[1], found[0]))
        peaks = {ending: 0 for ending in FORMATS}
        for _ in range(ROUNDS):
            note("sqlite3 shell, moments as numbers", shell(folder, PLAIN))
            note("sqlite3 shell, moments as texts", shell(folder, SHELL))
            for ending in FORMATS:
                process, address = serve(folder)
                export(address, "csv?survey=csat&from=2100-01-01")
                idle = memory_mib(process, "VmRSS")
                open(f"/proc/{process.pid}/clear_refs", "w").write("5")
                note(f"{ending} over HTTP", export(address, ending))
                peaks[ending] = max(peaks[ending], memory_mib(process, "VmHWM") - idle)
                process.terminate()
                process.wait()
                note(f"{ending} by the command", command(folder, ending))
        print(f"{rows} answers, median of {ROUNDS}\n")
        print("| | answers/s | bytes each | MiB above idle, most |\n|---|---:|---:|---:|")
        for what, found in rates.items():
            rate, length = statistics.median(rate for rate, _ in found), found[0][1]
            peak = f"{peaks[what.split()[0]]:.0f}" if what.endswith("HTTP") else ""
            print(f"| {what} | {rate:,.0f} | {length / rows:.0f} | {peak} |")

        process, address = serve(folder)
        waits = {}
        for ending in [None, *FORMATS] * ROUNDS:
            # A process of its own: a thread would keep the lock of this one's interpreter from those who answer.
            exporting = multiprocessing.Process(target=keep_exporting, args=[address, ending])
            if ending:
                exporting.start()
            waits.setdefault(ending or "no export", []).append(waits_ms(address, 10))
            if ending:
                exporting.kill()
                exporting.join()
        print("\n| while answers come in | p50 ms | p99 ms | p99, times that without |\n|---|---:|---:|---:|")
        alone = statistics.median(p99 for _, p99 in waits["no export"])
        for what, found in waits.items():
            p50, p99 = (statistics.median(part) for part in zip(*found))
            print(f"| {what} | {p50:.2f} | {p99:.2f} | {p99 / alone:.2f} |")
        process.terminate()
        process.wait()


main()
