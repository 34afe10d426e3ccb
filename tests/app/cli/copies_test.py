#!/usr/bin/env python3
"""coffrectl's contract on copies in the clear: erasing files, on the program, end to end.

Call: copies_test.py COFFRECTL."""

import json
import os
import unittest

from contract import Place, Practice

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

    def test_words_that_are_wrong_are_2(self):
        self.refused(2, "erase")
        self.refused(2, "erase", "--nonsense", "x")


if __name__ == "__main__":
    unittest.main(verbosity=1)
