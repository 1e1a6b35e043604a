"""How long does an import take, and how much memory?

    cargo build --locked --release && python3 tests/bench/import.py target/release/parere 1000000

Makes a demo shop with so many answers, exports it, and reads it into another database: as a dry run, for the first
time, and once more; then as CSV into a third. Prints the seconds, those of the processor, and the most memory of each.
An address of an empty PostgreSQL database behind the number has it read into that one, too.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

PARERE, ROWS, ELSEWHERE = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2]), sys.argv[3:]


def run(folder, *arguments):
    """What it said, and the seconds, the seconds of the processor and the MiB that it took."""
    began = time.monotonic()
    process = subprocess.Popen([PARERE, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (arguments, process.returncode, said)
    return said, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def read(folder, what, file, url, expected, *options):
    said, seconds, cpu, mib = run(folder, "import", file, "--site", "pk_demo", "--database-url", url, *options)
    assert expected in said, said
    print(f"| {what} | {seconds:.1f} | {cpu:.1f} | {ROWS / seconds:,.0f} | {mib:.0f} |", flush=True)


def rows(folder, url):
    """The export but for its end, which says when it was made."""
    run(folder, "export", "--site", "pk_demo", "--database-url", url, "--output", "again.ndjson")
    return subprocess.run(["sh", "-c", "sed '$d' again.ndjson | sha256sum"], cwd=folder, check=True, capture_output=True).stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        run(folder, "demo", "--responses", str(ROWS))
        for file in ["a.ndjson", "a.csv"]:
            run(folder, "export", "--site", "pk_demo", "--output", file)
        run(folder, "site", "export", "--site", "pk_demo", "--output", "shop.json")
        print("| | seconds | CPU seconds | answers/s | MiB, most |\n|---|---:|---:|---:|---:|")
        new, unchanged = f"{ROWS} new", f"{ROWS} unchanged"
        for name, url in [("SQLite", "sqlite:b.db"), *[("PostgreSQL", url) for url in ELSEWHERE]]:
            run(folder, "site", "import", "shop.json", "--database-url", url)
            read(folder, f"NDJSON into {name}, dry run", "a.ndjson", url, new, "--dry-run")
            read(folder, f"NDJSON into {name}", "a.ndjson", url, new)
            read(folder, "the same once more", "a.ndjson", url, unchanged)
            assert rows(folder, url) == rows(folder, "sqlite:parere.db"), "it is not the same"
        run(folder, "site", "import", "shop.json", "--database-url", "sqlite:c.db")
        read(folder, "CSV into SQLite", "a.csv", "sqlite:c.db", new)


main()
