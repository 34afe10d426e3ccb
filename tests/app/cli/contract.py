"""What the tests of coffrectl's contract stand on: a vault, its people, and calls of the program.

The program's path is the first word of the test's call. Vaults are made with the smallest cost of
passwords."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "coffrectl"
HEX32 = re.compile(r"^[0-9a-f]{32}$")
HEX64 = re.compile(r"^[0-9a-f]{64}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


def secret(name: str) -> str:
    return f"Parole-{name}-2026!x"


def pdf_of_two_pages() -> bytes:
    """200 x 100 points: a red page and a blue one."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>"]
    for number, colour in ((3, b"1 0 0"), (5, b"0 0 1")):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents %d 0 R >>"
                       % (number + 1))
        drawing = colour + b" rg 0 0 200 100 re f"
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(drawing), drawing))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
                  b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(out)))


class Place:
    """A folder with a vault, a workstation's memory, and people."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="coffre-contract-")
        self.folder = pathlib.Path(self.temporary.name)
        self.vault = self.folder / "cabinet.coffre"
        self.state = self.folder / "state"

    def environment(self, **more):
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith(("LC_", "LANG", "COFFRE", "XDG"))}
        return kept | {"COFFRE_STATE_DIR": str(self.state), "COFFRE_VAULT": str(self.vault),
                       "LANG": "C"} | more

    def call(self, *words, user=None, password=None, new=None, stdin=b"", environment=None):
        """Runs coffrectl; passwords go through pipes."""
        command = [PROGRAM]
        descriptors = []

        def give(option, text):
            read, write = os.pipe()
            os.write(write, text.encode() + b"\n")
            os.close(write)
            descriptors.append(read)
            command.extend([option, str(read)])

        if user is not None:
            command += ["--user", user]
            give("--password-fd", secret(user) if password is None else password)
        elif password is not None:
            give("--password-fd", password)
        if new is not None:
            give("--new-password-fd", new)
        try:
            return subprocess.run(
                command + [str(word) if not isinstance(word, bytes) else word for word in words],
                input=stdin, capture_output=True, pass_fds=descriptors, timeout=120,
                env=environment or self.environment())
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


class Practice(unittest.TestCase):
    """One practice for all tests of a class: an owner, one person of each role, documents."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        cls.make_vault()
        cls.make_people()
        cls.file_documents()

    @classmethod
    def tearDownClass(cls):
        cls.place.temporary.cleanup()

    # -- helpers

    @classmethod
    def must(cls, *words, **how):
        result = cls.place.call(*words, **how)
        if result.returncode != 0:
            raise AssertionError(f"{words}: {result.returncode}: {result.stderr.decode()}")
        return result

    @classmethod
    def json(cls, *words, **how):
        return json.loads(cls.must(*words, "--json", **how).stdout)

    def refused(self, status, *words, **how):
        """The call fails with this status: one line on standard error, JSON with --json."""
        result = self.place.call(*words, **how)
        self.assertEqual(result.returncode, status, f"{words}: {result.stderr.decode()}")
        lines = result.stderr.decode().splitlines()
        if "--json" in words:
            value = json.loads(lines[-1])
            self.assertEqual(set(value), {"error", "message", "hint"})
            return value
        self.assertTrue(lines[-1].startswith("coffrectl: "), lines)
        return lines[-1]

    # -- what all tests stand on

    @classmethod
    def make_vault(cls):
        made = cls.json("init", cls.place.vault, "--owner", "anne", "--practice", "Cabinet Morel",
                        "--kdf-memory", 64, password=secret("anne"))
        cls.vault_id = made["vault_id"]

    @classmethod
    def make_people(cls):
        for name, role in (("sylvie", "secretary"), ("bruno", "billing"),
                           ("denis", "administrator"), ("paul", "privacy-officer")):
            cls.must("user", "add", name, "--role", role, user="anne", new="Provisoire-2026!" + name)
            cls.must("user", "password", user=name, password="Provisoire-2026!" + name,
                     new=secret(name))
        # The administrator makes the practitioner's account; a reader approves the own key.
        cls.must("user", "add", "claire", "--role", "practitioner", user="denis",
                 new="Provisoire-2026!claire")
        cls.waiting_before = cls.json("grant", "list", user="anne")
        cls.must("user", "password", user="claire", password="Provisoire-2026!claire",
                 new=secret("claire"))
        cls.waiting = cls.json("grant", "list", user="anne")
        for grant in cls.json("grant", "list", user="anne"):
            cls.must("grant", "approve", grant["user"], grant["compartment"], "--key-id",
                     grant["key_id"], user="anne")

    @classmethod
    def file_documents(cls):
        cls.patient = cls.json("patient", "add", "--last", "Durand", "--first", "Zoé", "--born",
                               "1957-03-28", user="sylvie")["id"]
        scans = cls.place.folder / "scans"
        scans.mkdir()
        cls.content = b"%PDF-1.7\n" + os.urandom(70_000)
        (scans / "b.pdf").write_bytes(cls.content)
        (scans / "a.txt").write_text("Cher confrère,\n")
        (scans / "line\nbreak.pdf").write_bytes(b"%PDF-1.4 x")
        with open(os.fsencode(scans) + b"/latin\xe9.txt", "wb") as file:
            file.write(b"x")
        cls.scans = scans
        cls.medical = cls.json("import", scans, "--patient", cls.patient, "--compartment",
                               "medical", "--type", "letter", user="sylvie")
        cls.administrative = cls.json(
            "import", scans / "b.pdf", "--patient", cls.patient, "--compartment", "administrative",
            "--title", "Carte Vitale", "--date", "2026-01-02", user="sylvie")
        cls.document = next(entry["id"] for entry in cls.medical
                            if entry["source"].endswith("b.pdf"))
