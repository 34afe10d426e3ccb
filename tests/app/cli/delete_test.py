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


if __name__ == "__main__":
    unittest.main(verbosity=1)
