#!/usr/bin/env python3
"""Copies in the clear and a program that is killed: nothing of them stays on the disk.

On an image of ext4 with a vault of 50 documents that hold a marker, round after round: all of them
are exported and ten of them opened in another program, which saves them, by one program, which is
killed (SIGKILL) at a random moment; a sweep is killed too; then the sweep of the next start runs.
After each round the raw image is searched for the marker, and nothing is left of what was opened.
The controls: the marker was there in at least one round before the sweep, and something opened was.
In the end the journal calls no copy lost.

usage: export_kill_test.py COFFRECTL [ROUNDS]       exit 77: skipped (not root, no loop devices)
"""

import json
import os
import pathlib
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "core" / "erase"))
from forensic_test import Image, need, run, skip  # noqa: E402

PASSWORD = "Agrafe-Lanterne-Cheval-52"
DOCUMENTS = 50
OPENED = 10
# The other program: it saves, and is there for a moment.
EDITOR = "#!/bin/sh\nprintf x >>\"$1\"\nexec sleep 0.3\n"


class Workstation:
    """The image, with a vault, a workstation's memory and a folder for copies in it."""

    def __init__(self, program, image, memory, editor):
        self.program, self.image, self.memory, self.editor = program, image, memory, editor

    def environment(self):
        place = self.image.mount
        return {"PATH": os.environ["PATH"], "LANG": "C", "COFFRE_STATE_DIR": str(place / "state"),
                "COFFRE_VAULT": str(place / "cabinet.coffre"), "COFFRE_USER": "anne",
                "XDG_RUNTIME_DIR": str(self.memory)}

    def start(self, *words, lines=""):
        read, write = os.pipe()
        os.write(write, PASSWORD.encode() + b"\n")
        os.close(write)
        process = subprocess.Popen(
            [self.program, "--password-fd", str(read), "--json", *map(str, words)],
            env=self.environment(), pass_fds=[read], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(read)
        if lines is not None:
            process.stdin.write(lines)
            process.stdin.close()
        return process

    def call(self, *words, expected=(0,)):
        process = self.start(*words)
        output = process.stdout.read()
        errors = process.stderr.read()
        status = process.wait()
        need(status in expected, f"coffrectl {' '.join(map(str, words))}: {status}: {errors}")
        return json.loads(output) if output else None

    def make(self, marker, sources):
        self.call("init", self.image.mount / "cabinet.coffre", "--owner", "anne", "--kdf-memory", 64)
        patient = self.call("patient", "add", "--last", "Durand", "--first", "Zoe", "--born",
                            "1957-03-28")["id"]
        for number in range(DOCUMENTS):
            filler = secrets.token_bytes(2_000)
            (sources / f"{number:02}.txt").write_bytes(filler + marker + filler * 6)
        stored = self.call("import", sources, "--patient", patient, "--compartment", "medical")
        self.documents = [each["id"] for each in stored]
        (self.image.mount / "out").mkdir()

    def export_all_and_be_killed(self, moment):
        out = self.image.mount / "out"
        lines = [f"export {document} --to {out}/{document}.txt --reason avis --keep 1s\n"
                 for document in self.documents]
        lines += [f"open {document} --reason avis --with {self.editor}\n"
                  for document in random.sample(self.documents, OPENED)]
        random.shuffle(lines)
        # The session is unlocked when the first result comes; the moment counts from there.
        process = self.start("batch", lines="".join(lines))
        process.stdout.readline()
        time.sleep(moment)
        process.kill()
        process.stdout.close()
        process.stderr.close()
        process.wait()
        return len(list(out.iterdir()))

    def sweep_and_be_killed(self, moment):
        """Once the deadline of the last copy is past. True: some were removed and not noted."""
        time.sleep(1.01)
        process = self.start("exports", "sweep")
        time.sleep(moment)
        process.kill()
        process.stdout.close()
        process.stderr.close()
        process.wait()
        files = len(list((self.image.mount / "out").iterdir()))
        return len(list((self.image.mount / "state/exports/copies").iterdir())) > files

    def next_start(self):
        self.call("journal", "verify")
        need(not list((self.image.mount / "out").iterdir()), "a copy, or a part of one, is there")
        need(not list(self.memory.iterdir()), "something opened is there")
        need(self.call("exports", "list") == [], "the ledger knows a copy")


def check_journal(station):
    """Every erased copy is told as erased; none as lost."""
    lines = [line for line in station.call("journal", "show") if line["action"] == "erase"]
    need(lines, "void: the journal tells of no erasure")
    lost = [line for line in lines if "not-found" in line["reason"]]
    need(not lost, f"copies that were erased are called lost: {lost[:3]}")
    return len(lines)


def rounds(station, marker, count):
    found_before, killed_early = 0, 0
    station.halves, station.opened = 0, 0
    for number in range(count):
        there = station.export_all_and_be_killed(random.uniform(0, 1.2))
        killed_early += there < DOCUMENTS
        station.opened += len(list(station.memory.iterdir()))
        os.sync()
        found_before += station.image.hits(marker) > 0
        station.halves += station.sweep_and_be_killed(random.uniform(0.01, 0.2))
        station.next_start()
        station.image.close()
        hits = station.image.hits(marker)
        need(hits == 0, f"round {number}: {hits} markers are left in the image")
        station.image.open()
    return found_before, killed_early


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    if os.geteuid() != 0 or not os.path.exists("/dev/loop-control"):
        skip("this needs root and loop devices")
    missing = [tool for tool in ("mkfs.ext4", "losetup") if shutil.which(tool) is None]
    if missing:
        skip(f"not installed: {' '.join(missing)}")
    Image.MAKE = Image.MAKE | {"ext4": (96, Image.MAKE["ext4"][1])}
    with (tempfile.TemporaryDirectory(prefix="coffre-kill-") as made,
          tempfile.TemporaryDirectory(prefix="coffre-kill-", dir="/dev/shm") as memory):
        folder = pathlib.Path(made)
        editor = folder / "editor.sh"
        editor.write_text(EDITOR)
        editor.chmod(0o700)
        sources = folder / "sources"
        sources.mkdir()
        image = Image(folder, "ext4")
        try:
            marker = secrets.token_bytes(32)
            station = Workstation(program, image, pathlib.Path(memory), editor)
            station.make(marker, sources)
            image.close()
            need(image.hits(marker) == 0, "the vault itself holds the marker")
            image.open()
            found, early = rounds(station, marker, count)
            need(found > 0, "void: the marker was never on the disk before the sweep")
            need(early > 0, "void: the program was never killed before its end")
            need(station.opened > 0 or count < 10, "void: nothing was ever left open")
            told = check_journal(station)
        finally:
            image.close()
    print(f"{count} rounds: the marker was on the disk before {found} of the sweeps, after none; "
          f"{early} kills came before the end, {station.opened} copies were open then, "
          f"{station.halves} sweeps were killed before their notes; the journal tells of {told} "
          "erasures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
