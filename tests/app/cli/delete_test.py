#!/usr/bin/env python3
"""coffrectl's contract on destroying: delete, on the program, end to end.

Call: delete_test.py COFFRECTL."""

import json
import os
import unittest

from contract import Practice

UNKNOWN = "00112233445566778899aabbccddeeff"
OVERWRITTEN = ("overwritten-in-place", "overwritten-logically")


class Delete(Practice):
    def file(self, name, user="sylvie"):
        path = self.place.folder / name
        path.write_bytes(b"%PDF-1.7\n" + os.urandom(500))
        made = self.json("import", path, "--patient", self.patient, "--compartment", "medical",
                         user=user)
        return made[0]["id"]

    def delete(self, document, *words, environment=None):
        """The result, after its exit status was compared with its verdict."""
        result = self.place.call("delete", document, "--reason", "doublon", *words, user="anne",
                                 environment=environment)
        if "--json" in words:
            value = json.loads(result.stdout)
            done = value["verdict"] in OVERWRITTEN
            self.assertEqual(result.returncode, 0 if done else 7, result.stderr.decode())
            self.assertEqual(done, value["reasons"] == [])
            self.assertIn(value["verdict"], OVERWRITTEN + ("not-guaranteed",))
            return value
        self.assertIn(result.returncode, (0, 7), result.stderr.decode())
        return result.stdout.decode()

    def test_a_document_is_gone_and_the_journal_keeps_who_and_why(self):
        document = self.file("gone.pdf")
        value = self.delete(document, "--json")
        self.assertEqual(set(value), {"id", "verdict", "reasons"})
        self.assertEqual(value["id"], document)
        self.refused(4, "show", document, user="anne")
        self.refused(4, "delete", document, "--reason", "again", user="anne")
        self.assertNotIn(document, {entry["id"] for entry in self.json("list", user="claire")})
        lines = [line for line in self.json("journal", "show", "--object", document, user="paul")
                 if line["action"] == "destroy"]
        self.assertEqual([(line["actor"], line["outcome"], line["reason"], line["patient"])
                          for line in lines], [("anne", "success", "doublon", self.patient)])
        self.assertEqual(self.json("verify", "--read-data", user="anne")["damaged"], [])

    def test_the_record_names_the_journals_entry(self):
        document = self.file("noted.pdf")
        path = self.place.folder / "destroyed.json"
        value = self.delete(document, "--record", path, "--json")
        record = json.loads(path.read_text())
        self.assertEqual(record["record"], "document-destruction")
        self.assertEqual(record["account"], "anne")
        entry = record["documents"][0]
        self.assertEqual(entry["document"], document)
        self.assertEqual(entry["verdict"]["word"], value["verdict"])
        self.assertEqual([reason["word"] for reason in entry["reasons"]], value["reasons"])
        self.assertIn("backups", entry["uncovered"])
        self.assertNotIn("name-and-dates", entry["uncovered"])
        self.assertNotEqual(entry["filesystem"], "")
        line = next(line for line in self.json("journal", "show", "--object", document,
                                               user="paul") if line["action"] == "destroy")
        self.assertEqual(entry["journal"]["entry"], line["seq"])
        self.assertNotIn("doublon", path.read_text())

    def test_without_a_place_for_its_record_nothing_is_destroyed(self):
        document = self.file("kept.pdf")
        self.refused(2, "delete", document, "--reason", "r", "--record", "x.txt", user="anne")
        self.assertEqual(self.json("show", document, user="claire")["id"], document)
        lines = self.json("journal", "show", "--object", document, user="paul")
        self.assertNotIn("destroy", {line["action"] for line in lines})

    def test_who_may_not_or_does_not_read_destroys_nothing(self):
        document = self.file("kept.pdf")
        self.refused(4, "delete", document, "--reason", "r", user="claire")
        hidden = self.refused(4, "delete", document, "--reason", "r", "--json", user="bruno")
        missing = self.refused(4, "delete", UNKNOWN, "--reason", "r", "--json", user="bruno")
        self.assertEqual(hidden, missing)
        self.assertEqual(self.json("show", document, user="claire")["id"], document)

    def test_words_that_are_wrong_are_2(self):
        for words in (["delete"], ["delete", UNKNOWN], ["delete", UNKNOWN, "--reason", ""],
                      ["delete", "xyz", "--reason", "r"]):
            self.refused(2, *words, user="anne")

    def test_a_person_reads_it_in_french(self):
        text = self.delete(self.file("f.pdf"),
                           environment=self.place.environment(LANG="fr_FR.UTF-8"))
        self.assertIn("ne sont pas atteintes", text)

    def test_in_a_batch(self):
        first, second = self.file("1.pdf"), self.file("2.pdf")
        lines = f"delete {first} --reason 'a b'\nshow {first}\ndelete {second} --reason c\n"
        result = self.place.call("batch", "--json", user="anne", stdin=lines.encode())
        values = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([value.get("id") for value in values], [first, None, second])
        self.assertEqual(values[1]["error"], "denied")


class Kept(Practice):
    def file(self, date, user="sylvie", patient=None):
        path = self.place.folder / f"{date}.txt"
        path.write_text(date)
        made = self.json("import", path, "--patient", patient or self.patient, "--compartment",
                         "medical", "--date", date, user=user)
        return made[0]["id"]

    def kept(self, document):
        """The error of a refused delete; the document is there still."""
        error = self.refused(1, "delete", document, "--reason", "r", "--json", user="anne")
        self.assertEqual(self.json("show", document, user="claire")["id"], document)
        return error

    def test_a_period_keeps_a_document(self):
        old, new = self.file("1990-02-28"), self.file("2026-02-28")
        self.assertIn({"compartment": "medical", "years": 0}, self.json("retention", "list"))
        self.assertEqual(self.json("retention", "set", "medical", 30, user="denis"), {})
        self.assertIn({"compartment": "medical", "years": 30}, self.json("retention", "list"))
        self.assertNotIn("journal", {entry["compartment"]
                                     for entry in self.json("retention", "list")})
        error = self.kept(new)
        self.assertIn("2056-02-28", error["message"])
        self.assertTrue(error["hint"])
        self.assertIn(self.place.call("delete", old, "--reason", "r", user="anne").returncode, (0, 7))
        self.must("retention", "set", "medical", 0, user="anne")
        self.assertIn(self.place.call("delete", new, "--reason", "r", user="anne").returncode, (0, 7))

    def test_a_minors_document_is_kept_to_the_28th_birthday(self):
        child = self.json("patient", "add", "--last", "Petit", "--first", "Léa", "--born",
                          "2020-03-04", user="sylvie")["id"]
        document = self.file("2022-01-01", patient=child)
        self.must("retention", "set", "medical", 1, user="anne")
        self.assertIn("2048-03-04", self.kept(document)["message"])
        self.must("retention", "set", "medical", 0, user="anne")

    def test_a_hold_keeps_a_document_until_it_is_lifted(self):
        document = self.file("2001-01-01")
        for held, kind in ((document, "document"), (self.patient, "patient")):
            self.assertEqual(self.json("hold", "add", held, "--reason", "réclamation",
                                       user="denis"), {})
            self.assertEqual(self.json("hold", "list"), [{"id": held, "kind": kind}])
            self.kept(document)
            lines = self.json("journal", "show", "--object", held, user="paul")
            self.assertIn(("denis", "setting", "réclamation"),
                          {(line["actor"], line["action"], line["reason"]) for line in lines})
            self.refused(2, "hold", "add", held, "--reason", "again", user="anne")
            self.assertEqual(self.json("hold", "lift", held, "--reason", "fin", user="anne"), {})
            self.refused(2, "hold", "lift", held, "--reason", "again", user="anne")
        self.assertEqual(self.json("hold", "list"), [])
        self.assertIn(self.place.call("delete", document, "--reason", "r", user="anne").returncode,
                      (0, 7))

    def test_who_may_not_and_wrong_words(self):
        document = self.file("2002-01-01")
        for user in ("claire", "sylvie", "paul"):
            self.refused(4, "hold", "add", document, "--reason", "r", user=user)
            self.refused(4, "retention", "set", "medical", 1, user=user)
        self.refused(4, "hold", "add", UNKNOWN, "--reason", "r", user="anne")
        self.refused(4, "retention", "set", "nowhere", 1, user="anne")
        for words in (["hold", "add", document], ["hold", "add", document, "--reason", ""],
                      ["hold", "lift", "xyz", "--reason", "r"], ["retention", "set", "medical"],
                      ["retention", "set", "medical", 101], ["retention", "set", "medical", -1],
                      ["retention", "set", "journal", 1]):
            self.refused(2, *words, user="anne")

    def test_a_person_reads_it_in_french(self):
        document = self.file("2003-01-01")
        self.must("hold", "add", document, "--reason", "r", user="anne")
        french = self.place.environment(LANG="fr_FR.UTF-8")
        result = self.place.call("delete", document, "--reason", "r", user="anne",
                                 environment=french)
        self.assertIn("ce document est bloqué", result.stderr.decode())
        self.must("hold", "lift", document, "--reason", "r", user="anne")


class DestroyOriginal(Practice):
    def setUp(self):
        self.folder = self.place.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()

    def make(self, name):
        path = self.folder / name
        path.write_bytes(b"%PDF-1.7\n" + os.urandom(70_000))
        return path

    def store(self, *paths, status=None, user="sylvie", more=()):
        """The entries; without a status, the one that the verdicts ask for."""
        result = self.place.call("import", *paths, "--patient", self.patient, "--compartment",
                                 "medical", "--destroy-original", *more, "--json", user=user)
        entries = json.loads(result.stdout)
        if status is None:
            words = {entry["erased"] for entry in entries}
            status = 0 if words <= set(OVERWRITTEN) else 7
        self.assertEqual(result.returncode, status, result.stderr.decode())
        return entries

    def test_originals_go_once_their_documents_were_read_back(self):
        paths = [self.make("a.pdf"), self.make("b.pdf")]
        contents = [path.read_bytes() for path in paths]
        entries = self.store(self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])
        for entry, path, content in zip(entries, paths, contents):
            self.assertEqual(set(entry), {"id", "source", "size", "erased"})
            self.assertEqual(entry["source"], str(path))
            self.assertIn(entry["erased"], OVERWRITTEN + ("not-guaranteed",))
            result = self.must("export", entry["id"], "--to", "-", "--reason", "r", user="claire")
            self.assertEqual(result.stdout, content)
            lines = [line for line in self.json("journal", "show", "--object", entry["id"],
                                                user="paul") if line["action"] == "erase"]
            self.assertEqual([(line["actor"], line["outcome"]) for line in lines],
                             [("sylvie", "success")])
            self.assertEqual(lines[0]["reason"].split()[0], entry["erased"])

    def test_the_record_names_the_journals_entries(self):
        good, twice = self.make("a.pdf"), self.make("twice.pdf")
        os.link(twice, self.folder.parent / "linked")
        self.addCleanup((self.folder.parent / "linked").unlink)
        path = self.place.folder / "originals.json"
        entries = self.store(good, twice, status=7, more=("--record", path))
        files = json.loads(path.read_text())["files"]
        self.assertEqual([file["path"] for file in files], [str(good), str(twice)])
        for file, entry in zip(files, entries):
            self.assertEqual(file["verdict"]["word"], entry["erased"])
            self.assertEqual(file["journal"]["document"], entry["id"])
            line = next(line for line in self.json("journal", "show", "--object", entry["id"],
                                                   user="paul") if line["action"] == "erase")
            self.assertEqual(file["journal"]["entry"], line["seq"])

    def test_a_record_without_an_erasing_and_over_a_source_is_refused(self):
        path = self.make("kept.pdf")
        words = ("import", path, "--patient", self.patient, "--compartment", "medical")
        self.refused(2, *words, "--record", self.folder / "r.json", user="sylvie")
        self.refused(2, *words, "--destroy-original", "--record", path, user="sylvie")
        self.assertEqual([each.name for each in self.folder.iterdir()], ["kept.pdf"])

    def test_a_refused_original_is_kept_and_its_document_stored(self):
        path = self.make("twice.pdf")
        os.link(path, self.folder / "other")
        entries = self.store(path, status=7)
        self.assertEqual(entries[0]["erased"], "failed")
        self.assertTrue(path.exists())
        self.assertEqual(self.json("show", entries[0]["id"], user="claire")["id"],
                         entries[0]["id"])

    def test_what_is_not_stored_is_kept(self):
        good, empty = self.make("good.pdf"), self.folder / "empty"
        empty.touch()
        entries = self.store(good, empty, status=1)
        self.assertEqual(set(entries[1]), {"source", "error", "message"})
        self.assertTrue(empty.exists())
        self.assertFalse(good.exists())
        kept = self.make("kept.pdf")
        self.refused(4, "import", kept, "--patient", self.patient, "--compartment", "medical",
                     "--destroy-original", user="bruno")
        self.assertTrue(kept.exists())

    def test_a_folder_behind_a_link_is_found(self):
        path = self.make("a.pdf")
        (self.folder / "link").symlink_to(self.folder)
        entries = self.store(self.folder / "link" / "a.pdf")
        self.assertNotEqual(entries[0]["erased"], "failed")
        self.assertFalse(path.exists())


if __name__ == "__main__":
    unittest.main(verbosity=1)
