#!/usr/bin/env python3
"""What is left in the raw image of a file system after documents were destroyed in a vault.

Each case makes an image with a vault on it, takes the bytes of the doomed rows (sealed keys, sealed
records, ciphertext) and makes sure that each is in the raw image, else the test is void. Then the
documents are destroyed, the vault is opened and closed 40 times, the image unmounted and searched.
The controls destroy the same rows as SQLite does by itself, and must find some.

usage: destroy_forensic_test.py COFFRECTL GROUP [CASE]     groups: ext4 xfs btrfs
exit 77: skipped (not root, or without loop devices, or a program is missing)
"""

import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "core" / "erase"))
from forensic_test import Failure, IN_PLACE, Image, need, run, skip  # noqa: E402

OPENINGS = 40
PASSWORD = b"Parole-anne-2026!x\n"
SIZES = (20, 3_000, 40_000, 300_000, 900_000)
COPIES = 4


class VaultOnImage:
    """A vault with documents on an image; .needles holds bytes that each document left there."""

    def __init__(self, program, directory, image):
        self.program, self.image = program, image
        self.path = image.mount / "cabinet.coffre"
        self.state = directory / f"state-{image.file.name}"
        self.call("init", self.path, "--owner", "anne", "--kdf-memory", 64)
        patient = self.call("patient", "add", "--last", "Durand", "--first", "Zoé", "--born",
                            "1957-03-28")["id"]
        scans = directory / f"scans-{image.file.name}"
        scans.mkdir()
        for number in range(COPIES):
            for size in SIZES:
                (scans / f"{size}-{number}").write_bytes(os.urandom(size))
        filed = self.call("import", scans, "--patient", patient, "--compartment", "medical")
        self.documents = [entry["id"] for entry in filed]
        # Rows of several sizes, some of them moved by a longer title.
        lines = "".join(f"edit {document} --title '{'Compte rendu ' * (1 + 7 * (number % 9))}'\n"
                        for number, document in enumerate(self.documents))
        done = subprocess.run([str(program), "--password-fd", "0", "batch"],
                              input=PASSWORD + lines.encode(), capture_output=True,
                              env=self.environment())
        need(done.returncode == 0, f"batch: {done.stderr.decode()}")
        self.needles = self.bytes_of_rows(directory)

    def environment(self):
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith(("LC_", "LANG", "COFFRE", "XDG"))}
        return kept | {"COFFRE_STATE_DIR": str(self.state), "COFFRE_VAULT": str(self.path),
                       "COFFRE_USER": "anne", "LANG": "C"}

    def call(self, *words, status=0):
        done = subprocess.run([str(self.program), "--password-fd", "0", *map(str, words), "--json"],
                              input=PASSWORD, capture_output=True, env=self.environment())
        need(done.returncode == status, f"{words}: {done.returncode}: {done.stderr.decode()}")
        return json.loads(done.stdout) if done.stdout else None

    def bytes_of_rows(self, directory):
        copy = directory / f"copy-{self.image.file.name}"
        shutil.copy(self.path, copy)
        connection = sqlite3.connect(copy)
        needles = {}
        for document in self.documents:
            key = bytes.fromhex(document)
            version, body = connection.execute(
                "SELECT id, body FROM versions WHERE substr(body, 1, 16)=?", (key,)).fetchone()
            record = connection.execute("SELECT body FROM records WHERE id=?", (key,)).fetchone()[0]
            pieces = [piece for (piece,) in connection.execute(
                "SELECT bytes FROM extents WHERE version=? ORDER BY number", (version,))]
            needles[document] = {"key": body[-60:], "record": record[57:97],
                                 "start": pieces[0][:48], "end": pieces[-1][-48:]}
        connection.close()
        return needles

    def hits(self, documents):
        """What of the documents is in the image: names of needles and how often."""
        self.image.close()
        found = {}
        for document in documents:
            for name, needle in self.needles[document].items():
                count = self.image.hits(needle)
                if count:
                    found[f"{name} of {document[:8]}"] = count
        self.image.open()
        return found

    def all_there(self, documents):
        missing = 4 * len(documents) - len(self.hits(documents))
        need(missing == 0, f"void: {missing} needles are not in the image before")

    def openings(self):
        for _ in range(OPENINGS):
            need(self.call("list") is not None, "no list")


class Forensics:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory

    def on_image(self, kind, action, **options):
        image = Image(self.directory, kind, **options)
        try:
            action(VaultOnImage(self.program, self.directory, image))
        finally:
            image.close()
            image.file.unlink()

    def destroy(self, vault, documents, verdicts, reasons=frozenset()):
        for document in documents:
            made = vault.call("delete", document, "--reason", "forensic",
                              status=0 if verdicts == IN_PLACE else 7)
            need(set(made) == {"id", "verdict", "reasons"} and made["id"] == document, f"{made}")
            need(made["verdict"] in verdicts, f"{made}")
            need(reasons <= set(made["reasons"]), f"{made}")
            need(bool(made["reasons"]) == (verdicts != IN_PLACE), f"{made}")

    def good(self, vault):
        doomed = vault.documents[::2] + vault.documents[1::4]
        random.Random(1).shuffle(doomed)
        kept = [document for document in vault.documents if document not in doomed]
        vault.all_there(vault.documents)
        self.destroy(vault, doomed, IN_PLACE)
        vault.openings()
        found = vault.hits(doomed)
        need(not found, f"found after {OPENINGS} openings: {found}")
        vault.all_there(kept)
        need({document["id"] for document in vault.call("list")} == set(kept), "not those kept")
        need(vault.call("verify", "--read-data")["damaged"] == [], "damaged")

    def weak(self, vault, reasons):
        vault.all_there(vault.documents[:1])
        self.destroy(vault, vault.documents[:1], ("not-guaranteed",), reasons)

    def control(self, vault, mode):
        """The same rows removed by SQLite itself."""
        vault.all_there(vault.documents)
        for document in vault.documents[:6]:
            connection = sqlite3.connect(vault.path, isolation_level=None)
            connection.execute(f"PRAGMA journal_mode={mode}")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("BEGIN")
            version = connection.execute("SELECT id FROM versions WHERE substr(body, 1, 16)=?",
                                         (bytes.fromhex(document),)).fetchone()[0]
            connection.execute("DELETE FROM versions WHERE id=?", (version,))
            connection.execute("DELETE FROM records WHERE id=?", (bytes.fromhex(document),))
            connection.execute("DELETE FROM extents WHERE version=?", (version,))
            connection.execute("COMMIT")
            connection.close()
        for _ in range(OPENINGS):
            connection = sqlite3.connect(vault.path)
            connection.execute("SELECT count(*) FROM versions").fetchone()
            connection.close()
        keys = [name for name in vault.hits(vault.documents[:6]) if name.startswith("key")]
        need(keys, "the control finds no key: the test proves nothing")
        print(f"        control {mode}: {len(keys)} of 6 keys found", flush=True)

    def killed(self, vault):
        """Killed at any moment: the document is whole, or nothing of it is left."""
        whole, gone = [], []
        needed = self.delete_and_kill(vault, vault.documents[-1], None)
        for number, document in enumerate(vault.documents):
            self.delete_and_kill(vault, document, 1.1 * needed * number / len(vault.documents))
            listed = {shown["id"] for shown in vault.call("list")}
            (whole if document in listed else gone).append(document)
            # The same place: the next unlock has finished what was begun.
            for later in gone:
                need(later not in listed, "a destroyed document came back")
        need(vault.call("verify", "--read-data")["damaged"] == [], "damaged after kills")
        found = vault.hits(gone)
        need(not found, f"found of those that are gone: {found}")
        vault.all_there(whole)
        print(f"        killed: {len(whole)} whole, {len(gone)} gone", flush=True)
        self.destroy(vault, whole, IN_PLACE)
        found = vault.hits(vault.documents)
        need(not found, f"found after all were destroyed: {found}")

    def delete_and_kill(self, vault, document, after):
        """Kills the deletion after so many seconds; how long it took when it was not killed."""
        batch = subprocess.Popen([str(self.program), "--password-fd", "0", "batch", "--json"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 env=vault.environment())
        batch.stdin.write(PASSWORD + f"show {document}\n".encode())
        batch.stdin.flush()
        batch.stdout.readline()
        begun = time.monotonic()
        batch.stdin.write(f"delete {document} --reason forensic\n".encode())
        batch.stdin.flush()
        if after is None:
            batch.stdout.readline()
            after = 0
        try:
            batch.wait(after)
        except subprocess.TimeoutExpired:
            batch.kill()
            batch.wait()
        return time.monotonic() - begun

    def ext4(self):
        yield "ext4", lambda: self.on_image("ext4", self.good)
        yield "ext4 killed on the way", lambda: self.on_image("ext4", self.killed)
        yield "ext4 data=journal", lambda: self.on_image(
            "ext4", lambda vault: self.weak(vault, {"journaled-data"}), options="data=journal")
        yield "ext4 control: DELETE", lambda: self.on_image(
            "ext4", lambda vault: self.control(vault, "DELETE"))
        yield "ext4 control: PERSIST alone", lambda: self.on_image(
            "ext4", lambda vault: self.control(vault, "PERSIST"))

    def xfs(self):
        yield "XFS", lambda: self.on_image("xfs", self.good)
        yield "XFS control: DELETE", lambda: self.on_image(
            "xfs", lambda vault: self.control(vault, "DELETE"))

    def btrfs(self):
        yield "btrfs", lambda: self.on_image(
            "btrfs", lambda vault: self.weak(vault, {"copy-on-write", "moved-extents"}))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    group, only = sys.argv[2], sys.argv[3:] and sys.argv[3]
    if os.geteuid() != 0:
        skip("this needs root")
    if not os.path.exists("/dev/loop-control"):
        skip("there are no loop devices")
    for program in ("losetup", f"mkfs.{group}"):
        if shutil.which(program) is None:
            skip(f"{program} is missing")
    known = pathlib.Path("/proc/filesystems").read_text().split()
    if group not in known:
        if subprocess.run(["modprobe", group], stderr=subprocess.DEVNULL).returncode != 0:
            skip(f"this kernel has no {group}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="coffre-forensic-") as name:
        try:
            Image(pathlib.Path(name), group).close()
        except (Failure, OSError) as error:
            skip(f"no image can be mounted here: {error}")
        forensics = Forensics(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(name))
        for title, case in getattr(forensics, group)():
            if only and only not in title:
                continue
            try:
                case()
                print(f"ok      {title}", flush=True)
            except (Failure, OSError) as error:
                failed += 1
                print(f"FAILED  {title}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
