#!/usr/bin/env python3
"""coffrectl's contract on copies in the clear: erasing files, on the program, end to end.

Call: copies_test.py COFFRECTL."""

import datetime
import hashlib
import json
import os
import pathlib
import signal
import stat
import subprocess
import time
import unittest

from contract import HEX64, PROGRAM, TIME, Place, Practice, pdf_of_two_pages

OVERWRITTEN = ("overwritten-in-place", "overwritten-logically")
REPORT_KEYS = {"path", "verdict", "reasons", "filesystem", "bytes", "size", "method", "medium",
               "left", "uncovered"}


class Erase(Practice):
    """No vault is needed: there is none."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place()

    def setUp(self):
        self.folder = self.place.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()

    def erase(self, *paths, status):
        result = self.place.call("erase", *paths, "--json",
                                 environment=self.place.environment(COFFRE_VAULT=""))
        self.assertEqual(result.returncode, status, result.stderr.decode())
        values = json.loads(result.stdout)
        for value in values:
            self.assertEqual(set(value), REPORT_KEYS)
        return values

    def is_overwritten(self, value):
        return value["verdict"] in OVERWRITTEN

    def test_files_are_gone_and_the_verdict_says_what_that_is_worth(self):
        paths = [self.folder / name for name in ("a", "b", "line\nbreak")]
        for path in paths:
            path.write_bytes(b"x" * 5000)
        probe = self.folder / "probe"
        probe.write_bytes(b"x" * 5000)
        # What this file system is worth decides the status; its word is the same for all.
        result = self.place.call("erase", probe, "--json")
        expected = json.loads(result.stdout)[0]["verdict"]
        self.assertEqual(result.returncode, 0 if expected in OVERWRITTEN else 7)
        values = self.erase(*paths, status=result.returncode)
        self.assertEqual([value["path"] for value in values], [str(path) for path in paths])
        self.assertEqual({value["verdict"] for value in values}, {expected})
        self.assertEqual({value["size"] for value in values}, {5000})
        self.assertTrue(all(value["bytes"] >= 5000 for value in values))
        self.assertEqual({value["left"] for value in values}, {"nothing"})
        self.assertIn("backups", values[0]["uncovered"])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_is_no_ordinary_file_is_refused_and_untouched(self):
        victim = self.folder / "victim"
        victim.write_text("kept")
        (self.folder / "link").symlink_to(victim)
        (self.folder / "twice").write_text("kept")
        os.link(self.folder / "twice", self.folder / "again")
        os.mkfifo(self.folder / "pipe")
        (self.folder / "way").symlink_to(self.folder)
        cases = {"link": "symbolic-link", "twice": "hard-links", "pipe": "special-file",
                 ".": "path-not-plain", "missing": "not-found", "way/victim": "link-in-path",
                 f"../{self.folder.name}/victim": "path-not-plain"}
        # As strings: pathlib would take the dots out.
        values = self.erase(*(f"{self.folder}/{name}" for name in cases), self.place.folder,
                            status=7)
        self.assertEqual([value["reasons"] for value in values],
                         [[reason] for reason in cases.values()] + [["directory"]])
        self.assertEqual({value["verdict"] for value in values}, {"failed"})
        self.assertEqual({value["bytes"] for value in values}, {0})
        self.assertEqual(victim.read_text(), "kept")
        self.assertEqual((self.folder / "again").read_text(), "kept")

    def test_a_refused_file_does_not_stop_the_others(self):
        (self.folder / "good").write_text("x")
        values = self.erase(self.folder / "missing", self.folder / "good", status=7)
        self.assertEqual(values[0]["verdict"], "failed")
        self.assertNotEqual(values[1]["verdict"], "failed")
        self.assertFalse((self.folder / "good").exists())

    def test_a_person_reads_the_verdict_in_french(self):
        path = self.folder / "a"
        path.write_text("x")
        result = self.place.call("erase", path, self.folder / "missing",
                                 environment=self.place.environment(LANG="fr_FR.UTF-8"))
        lines = result.stdout.decode().splitlines()
        self.assertTrue(lines[0].startswith(f"{path}\u202f: "), lines)
        self.assertIn("pas effacé (ce fichier n’existe pas", lines[1])
        self.assertEqual(lines[2], "Aucune réécriture n’atteint\u202f:")

    def record(self, *words, status, ending):
        path = self.folder / f"record.{ending}"
        result = self.place.call("erase", *words, "--record", path, "--json")
        self.assertEqual(result.returncode, status, result.stderr.decode())
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        return path, json.loads(result.stdout)

    def test_the_record_says_what_the_verdicts_say(self):
        name = b"line\nbreak\xff"
        (self.folder / "a").write_bytes(b"x" * 5000)
        pathlib.Path(os.fsdecode(os.fsencode(self.folder) + b"/" + name)).write_bytes(b"y")
        inode = (self.folder / "a").stat().st_ino
        path, values = self.record(self.folder / "a", os.fsencode(self.folder) + b"/" + name,
                                   self.folder / "missing", status=7, ending="json")
        record = json.loads(path.read_text())
        self.assertEqual(record["title"], "File erasure record")
        self.assertRegex(record["start"], TIME)
        self.assertLessEqual(record["start"], record["end"])
        self.assertIn(f"({os.getuid()})", record["user"])
        self.assertIsNone(record["account"])
        self.assertEqual(len(record["files"]), 3)
        for file, value in zip(record["files"], values):
            self.assertEqual(file["verdict"]["word"], value["verdict"])
            self.assertEqual([reason["word"] for reason in file["reasons"]], value["reasons"])
            for key, same in (("size", "size"), ("overwritten", "bytes"),
                              ("filesystem", "filesystem"), ("uncovered", "uncovered")):
                self.assertEqual(file[key], value[same])
            for key in ("method", "medium", "left"):
                self.assertEqual(file[key]["word"], value[key])
            self.assertIsNone(file["journal"]["entry"])
        self.assertEqual(record["files"][0]["path"], str(self.folder / "a"))
        self.assertEqual(record["files"][0]["inode"], inode)
        self.assertEqual(record["files"][1]["path"], f"{self.folder}/line\\x0abreak\\xff")
        self.assertEqual(bytes.fromhex(record["files"][1]["path_hex"]),
                         os.fsencode(self.folder) + b"/" + name)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["record.json"])

    def test_the_printed_record_is_in_the_language_of_the_call(self):
        path, record = self.folder / "a", self.folder / "r.PDF"
        path.write_bytes(b"x")
        self.place.call("erase", path, "--record", record,
                        environment=self.place.environment(LANG="fr_FR.UTF-8"))
        text = subprocess.run(["pdftotext", "-layout", record, "-"], check=True,
                              capture_output=True, text=True).stdout
        self.assertIn("Procès-verbal d’effacement de fichiers", text)
        self.assertIn("page 1 sur 1", text)
        self.assertNotIn("ertif", text)

    def test_a_record_that_cannot_be_made_leaves_every_file(self):
        victim = self.folder / "victim.pdf"
        victim.write_text("kept")
        there = self.folder / "there.json"
        there.write_text("another's")
        (self.folder / "way").symlink_to(self.folder)
        for status, record in ((2, "record"), (2, "x.txt"), (1, "there.json"), (2, "victim.pdf"),
                               (1, "none/record.pdf"), (2, "way/missing.pdf")):
            result = self.place.call("erase", victim, self.folder / "missing.pdf", "--record",
                                     self.folder / record)
            self.assertEqual(result.returncode, status, record)
            self.assertEqual(result.stdout, b"")
            self.assertEqual(victim.read_text(), "kept")
            self.assertEqual(there.read_text(), "another's")
        self.assertEqual({p.name for p in self.folder.iterdir()},
                         {"victim.pdf", "there.json", "way"})

    def long_erasure(self, files, size, **options):
        """The program at work on so much that a signal finds it there."""
        for i in range(files):
            with open(self.folder / f"{i:04}", "wb") as out:
                out.write(bytes(size))
        return subprocess.Popen([PROGRAM, "erase", *sorted(map(str, self.folder.iterdir())),
                                 *options.pop("words", ())],
                                env=self.place.environment(COFFRE_VAULT=""), **options)

    def test_a_signal_stops_it_and_the_verdicts_are_given(self):
        process = self.long_erasure(1500, 200_000, words=("--json",), stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE)
        while len(list(self.folder.iterdir())) == 1500 and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 7, error.decode())
        self.assertIn(b"stopping", error)
        values = json.loads(out)
        self.assertEqual(len(values), 1500)
        gone = [value for value in values if value["left"] == "nothing"]
        stopped = [value for value in values if value["reasons"] == ["cancelled"]]
        self.assertEqual(len(gone) + len(stopped), 1500)
        self.assertTrue(gone and stopped)
        for value in stopped:
            self.assertEqual(value["verdict"], "failed")
            path = pathlib.Path(value["path"])
            if value["left"] == "untouched":
                self.assertEqual(path.read_bytes(), bytes(200_000))
            self.assertTrue(path.exists())
        self.assertFalse(any(pathlib.Path(value["path"]).exists() for value in gone))

    def test_words_that_are_wrong_are_2(self):
        self.refused(2, "erase")
        self.refused(2, "erase", "--nonsense", "x")


class Exports(Practice):
    """Copies in the clear: entered, listed, erased at their time, and in the journal."""

    def setUp(self):
        self.folder = self.place.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.addCleanup(self.place.call, "exports", "erase", self.document)

    def export(self, name="copy.pdf", *words):
        return self.json("export", self.document, "--to", self.folder / name, "--reason", "avis",
                         *words, user="claire")

    def swept(self, *words):
        result = self.place.call("exports", *words, "--json")
        return result.returncode, json.loads(result.stdout)

    def listed(self):
        return [each for each in self.json("exports", "list")
                if each["path"].startswith(str(self.folder))]

    def test_a_copy_is_the_same_bytes_private_and_known(self):
        before = time.time()
        made = self.export("copy.pdf", "--recipient", "Dr Petit", "--keep", "2h")
        target = self.folder / "copy.pdf"
        self.assertEqual(set(made), {"id", "document", "path", "sha256", "expires"})
        self.assertEqual((made["document"], made["path"]), (self.document, str(target)))
        self.assertEqual(made["sha256"], hashlib.sha256(self.content).hexdigest())
        self.assertRegex(made["expires"], TIME)
        until = datetime.datetime.fromisoformat(made["expires"].replace("Z", "+00:00")).timestamp()
        self.assertTrue(7_199 <= until - before <= 7_260, until - before)
        self.assertEqual(target.read_bytes(), self.content)
        self.assertEqual(stat.S_IMODE(target.stat().st_mode), 0o600)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["copy.pdf"])
        listed = self.listed()
        self.assertEqual(listed, [{"id": made["id"], "document": self.document,
                                   "path": str(target), "expires": made["expires"],
                                   "size": len(self.content), "state": "kept", "verdict": None}])

    def test_a_copy_is_never_written_over_a_file(self):
        target = self.folder / "copy.pdf"
        target.write_text("kept")
        self.refused(1, "export", self.document, "--to", target, "--reason", "avis", user="claire")
        self.assertEqual(target.read_text(), "kept")
        self.assertEqual(self.listed(), [])

    def test_a_sweep_erases_what_is_due_without_an_unlock_and_the_journal_knows(self):
        kept = self.export("kept.pdf", "--keep", "7d")
        due = self.export("due.pdf", "--keep", "1s")
        while time.time() < datetime.datetime.fromisoformat(
                due["expires"].replace("Z", "+00:00")).timestamp():
            pass
        self.assertEqual({each["id"]: each["state"] for each in self.listed()},
                         {kept["id"]: "kept", due["id"]: "due"})
        status, values = self.swept("sweep")
        self.assertEqual([value["id"] for value in values], [due["id"]])
        self.assertEqual(values[0]["state"], "closed")
        self.assertEqual(status, 0 if values[0]["verdict"] in OVERWRITTEN else 7)
        self.assertNotEqual(values[0]["verdict"], "failed")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["kept.pdf"])
        lines = [line for line in self.json("journal", "show", "--object", self.document,
                                            user="anne") if line["action"] == "erase"]
        self.assertEqual(lines[-1]["outcome"], "success")
        self.assertTrue(lines[-1]["reason"].startswith(values[0]["verdict"]), lines[-1])

    def test_the_next_command_sweeps_too(self):
        due = self.export("due.pdf", "--keep", "1s")
        while time.time() < datetime.datetime.fromisoformat(
                due["expires"].replace("Z", "+00:00")).timestamp():
            pass
        self.must("journal", "verify")
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(self.listed(), [])

    def test_copies_are_erased_by_name_by_their_own_id_or_the_documents(self):
        first = self.export("first.pdf")
        self.export("second.pdf")
        self.assertEqual([value["id"] for value in self.swept("erase", first["id"])[1]],
                         [first["id"]])
        self.assertEqual(len(self.swept("erase", self.document)[1]), 1)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.refused(4, "exports", "erase", first["id"])

    def test_the_record_of_copies_names_their_vault_and_no_entry_yet(self):
        made = self.export("noted")
        record = self.place.folder / "copies.json"
        self.addCleanup(record.unlink)
        _, values = self.swept("erase", made["id"], "--record", record)
        file = json.loads(record.read_text())["files"][0]
        self.assertEqual(file["path"], values[0]["path"])
        self.assertEqual(file["verdict"]["word"], values[0]["verdict"])
        self.assertEqual(file["journal"]["copy"], made["id"])
        self.assertEqual(file["journal"]["document"], self.document)
        self.assertRegex(file["journal"]["vault"], HEX64)
        self.assertIsNone(file["journal"]["entry"])

    def test_a_renamed_copy_is_erased_and_a_moved_one_is_reported(self):
        made = self.export("a.pdf")
        (self.folder / "a.pdf").rename(self.folder / "Durand.pdf")
        self.assertEqual(self.listed()[0]["state"], "renamed")
        moved = self.export("b.pdf")
        (self.folder / "b.pdf").rename(self.place.folder / "moved.pdf")
        status, values = self.swept("erase", made["id"], moved["id"])
        by_id = {value["id"]: value for value in values}
        self.assertEqual(status, 7)
        self.assertNotEqual(by_id[made["id"]]["verdict"], "failed")
        self.assertEqual(by_id[moved["id"]]["verdict"], "failed")
        self.assertEqual(by_id[moved["id"]]["reasons"], ["not-found"])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_page_is_a_copy_too(self):
        target = self.folder / "page.png"
        pdf = self.place.folder / "one.pdf"
        if not pdf.exists():
            pdf.write_bytes(pdf_of_two_pages())
        document = self.json("import", pdf, "--patient", self.patient, "--compartment", "medical",
                             user="claire")[0]["id"]
        self.must("page", document, "--to", target, "--reason", "avis", user="claire")
        self.assertEqual([each["document"] for each in self.listed()], [document])
        self.swept("erase", document)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
