#!/usr/bin/env python3
"""coffrectl open: a copy for another program, what that program saves, and how the copy goes.

The other programs are scripts of the test. Call: open_test.py COFFRECTL."""

import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from contract import PROGRAM, Practice, secret

# Tells the test where its copy is and how it looks, then does as it was told.
SCRIPT = """#!/usr/bin/env python3
import json, os, pathlib, stat, sys, time
path = pathlib.Path(sys.argv[1])
told = pathlib.Path(__file__).with_suffix(".told")
found = {"path": str(path), "content": path.read_bytes().hex(),
         "mode": stat.S_IMODE(path.stat().st_mode),
         "folder_mode": stat.S_IMODE(path.parent.stat().st_mode),
         "words": len(sys.argv), "coffre": [name for name in os.environ if "COFFRE" in name]}
told.with_suffix(".new").write_text(json.dumps(found))
told.with_suffix(".new").rename(told)
WORK
"""
SAVES = """
beside = path.with_name(".saving")
beside.write_bytes(path.read_bytes() + b" signed")
beside.rename(path)
"""
WAITS = """
path.with_name("lock file").write_text("claire")
while True:
    time.sleep(0.05)
"""
WAITS_FOR_A_WORD = """
while not pathlib.Path(__file__).with_name("word").exists():
    time.sleep(0.02)
"""
# Whoever reads the file finds it changed.
WRITES_ON = """
path.with_name("lock file").write_text("claire")
while True:
    try:
        path.write_bytes(os.urandom(3_000_000))
    except OSError:
        pass
"""
SAVES_AND_WAITS = SAVES + WAITS


def wait_for(condition, what):
    """A deadline for what another process does, not a pause."""
    until = time.monotonic() + 60
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen: {what}")
        time.sleep(0.02)


class Open(Practice):
    def setUp(self):
        self.folder = self.place.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()

    def program(self, work):
        script = self.folder / "editor.py"
        script.write_text(SCRIPT.replace("WORK", work))
        script.chmod(0o700)
        return script

    def told(self):
        return json.loads((self.folder / "editor.told").read_text())

    def start(self, work, *words, form="--json"):
        """The program, which runs on; it is killed at the end of the test."""
        read, write = os.pipe()
        os.write(write, secret("claire").encode() + b"\n")
        os.close(write)
        process = subprocess.Popen(
            [PROGRAM, "--user", "claire", "--password-fd", str(read), "open", self.document, "--reason",
             "avis", "--with", str(self.program(work)), *([form] if form else []), *words],
            env=self.place.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, pass_fds=[read])
        os.close(read)
        self.addCleanup(self.end, process)
        wait_for((self.folder / "editor.told").exists, "the program starts")
        return process

    def end(self, process):
        process.kill()
        process.communicate()
        # The editor is its child no more: it goes when its copy is known.
        for each in pathlib.Path("/proc").iterdir():
            try:
                words = (each / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError):
                continue
            if str(self.folder / "editor.py").encode() in words:
                os.kill(int(each.name), signal.SIGKILL)

    def letter(self, content=b"Bonjour"):
        scan = self.folder / "letter.txt"
        scan.write_bytes(content)
        return self.json("import", scan, "--patient", self.patient, "--compartment", "medical",
                         user="claire")[0]["id"]

    def content_of(self, document):
        return self.must("export", document, "--to", "-", "--reason", "test", user="claire").stdout

    def opened(self, work, *words, document=None):
        """The end of a call whose program did that; its result."""
        result = self.place.call("open", document or self.document, "--reason", "avis", "--with",
                                 self.program(work), "--json", *words, user="claire")
        return result, json.loads(result.stdout)

    def erasures(self):
        lines = self.json("journal", "show", "--object", self.document, user="anne")
        return [line for line in lines if line["action"] == "erase"]

    def test_the_copy_is_private_and_goes_when_the_program_ends(self):
        before = len(self.erasures())
        made = self.json("open", self.document, "--reason", "avis", "--with", self.program(""),
                         user="claire")
        told = self.told()
        self.assertEqual(set(made), {"id", "document", "path", "stored", "unstored", "verdict",
                                     "reasons"})
        self.assertEqual((made["document"], made["path"], made["stored"]),
                         (self.document, told["path"], 0))
        self.assertEqual(bytes.fromhex(told["content"]), self.content)
        self.assertEqual((told["mode"], told["folder_mode"]), (0o600, 0o700))
        self.assertEqual((told["words"], told["coffre"]), (2, []))
        self.assertRegex(told["path"],
                         r"^/dev/shm/coffre-opened-[0-9a-f]{16}/document-\d{4}-\d\d-\d\d\.pdf$")
        self.assertFalse(pathlib.Path(told["path"]).parent.exists())
        self.assertEqual(made["verdict"], "not-guaranteed")
        self.assertIn("memory-file-system", made["reasons"])
        self.assertEqual(self.json("exports", "list"), [])
        journal = self.json("journal", "show", "--object", self.document, user="anne")
        opened = [line for line in journal if line["action"] == "open"]
        self.assertEqual((opened[-1]["outcome"], opened[-1]["reason"], opened[-1]["actor"]),
                         ("success", "avis", "claire"))
        self.assertEqual(len(self.erasures()), before + 1)
        self.assertEqual(len(self.json("versions", self.document, user="claire")), 1)

    def test_what_is_saved_is_a_new_version_and_the_old_one_can_come_back(self):
        content = b"Cher confr\xc3\xa8re,\n"
        scan = self.folder / "letter.txt"
        scan.write_bytes(content)
        document = self.json("import", scan, "--patient", self.patient, "--compartment", "medical",
                             user="claire")[0]["id"]
        made = self.json("open", document, "--reason", "signature", "--with", self.program(SAVES),
                         user="claire")
        self.assertEqual(made["stored"], 1)
        self.assertFalse(pathlib.Path(made["path"]).parent.exists())

        def content_of(*words):
            return self.must("export", document, "--to", "-", "--reason", "test", *words,
                             user="claire").stdout

        self.assertEqual(content_of(), content + b" signed")
        versions = self.json("versions", document, user="claire")
        self.assertEqual({tuple(each) for each in versions},
                         {("mime", "sha256", "size", "stored", "version")})
        self.assertEqual([each["size"] for each in versions], [len(content), len(content) + 7])
        self.assertEqual(content_of("--version", versions[0]["version"]), content)
        self.must("edit", document, "--version", versions[0]["version"], user="claire")
        self.assertEqual(content_of(), content)
        self.assertEqual(content_of("--version", versions[1]["version"]), content + b" signed")
        self.refused(4, "export", document, "--to", "-", "--reason", "x", "--version", document,
                     user="claire")
        self.assertEqual(self.json("verify", "--read-data", user="anne")["damaged"], [])

    def test_after_a_kill_the_next_sweep_takes_it(self):
        process = self.start(WAITS)
        path = pathlib.Path(self.told()["path"])
        wait_for(path.with_name("lock file").exists, "the editor's lock file")
        self.assertEqual([each["state"] for each in self.json("exports", "list")], ["opened"])
        self.assertEqual(self.json("exports", "sweep"), [])
        process.kill()
        process.wait()
        self.assertTrue(path.exists())
        self.assertEqual([each["state"] for each in self.json("exports", "list")], ["due"])
        result = self.place.call("exports", "sweep", "--json")
        self.assertEqual([each["state"] for each in json.loads(result.stdout)], ["closed"])
        self.assertFalse(path.parent.exists())

    def test_a_signal_erases_it_at_once_and_what_was_saved_is_kept(self):
        scan = self.folder / "letter.txt"
        scan.write_text("Bonjour")
        self.document = self.json("import", scan, "--patient", self.patient, "--compartment",
                                  "medical", user="claire")[0]["id"]
        process = self.start(SAVES_AND_WAITS)
        path = pathlib.Path(self.told()["path"])
        wait_for(lambda: len(self.json("versions", self.document, user="claire")) == 2,
                 "what was saved is stored while the program runs")
        process.send_signal(signal.SIGTERM)
        process.wait()
        self.assertEqual(process.returncode, 8)
        self.assertFalse(path.parent.exists())
        self.assertEqual(self.json("exports", "list"), [])

    def test_a_signal_right_after_a_save_stores_it_first(self):
        for sent in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            self.document = self.letter()
            (self.folder / "editor.told").unlink(missing_ok=True)
            process = self.start(SAVES_AND_WAITS)
            path = pathlib.Path(self.told()["path"])
            wait_for(path.with_name("lock file").exists, "it has saved")
            process.send_signal(sent)
            output = process.communicate()[0]
            self.assertEqual(process.returncode, 8)
            self.assertEqual(json.loads(output)["stored"], 1)
            self.assertFalse(path.parent.exists())
            self.assertEqual(self.content_of(self.document), b"Bonjour signed")
            self.assertEqual(self.json("exports", "list"), [])

    def test_a_second_signal_ends_at_once_and_erases_the_copy(self):
        self.document = self.letter()
        process = self.start(WRITES_ON)
        path = pathlib.Path(self.told()["path"])
        wait_for(path.with_name("lock file").exists, "it writes")
        process.send_signal(signal.SIGTERM)
        line = b""
        while b"once more ends at once" not in line:
            line = process.stderr.readline()
            self.assertTrue(line, "it goes on, because the file changes all the time")
        process.send_signal(signal.SIGTERM)
        errors = process.communicate()[1]
        self.assertEqual(process.returncode, 8)
        # On a slow machine the time for a last try may be over by then.
        self.assertRegex(errors, b"what was saved last (may|could) not be stored")
        self.assertEqual(self.swept_while_it_writes(), [])
        self.assertFalse(path.parent.exists())

    def swept_while_it_writes(self):
        """What is left in the ledger. The program writes on: it may keep a sweep from its end, not
        for long, and may write between a sweep's overwriting and its removal, which is told."""
        for _ in range(100):
            swept = json.loads(self.place.call("exports", "sweep", "--json").stdout)
            if swept and swept[-1]["left"] == "nothing":
                self.assertIn(swept[-1]["verdict"], ("not-guaranteed", "failed"))
                if swept[-1]["verdict"] == "failed":
                    self.assertIn("not-overwritten", swept[-1]["reasons"])
                    self.place.call("exports", "erase", swept[-1]["id"])  # the person knows
            if not self.json("exports", "list"):
                break
        return self.json("exports", "list")

    def test_a_directory_that_was_opened_to_others_or_renamed_is_erased(self):
        renamed = pathlib.Path("/dev/shm") / f"letters {os.getpid()}"
        for work in ("path.parent.chmod(0o750)", "path.parent.chmod(0)",
                     f"path.parent.rename({str(renamed)!r})"):
            result, made = self.opened(work)
            self.assertEqual((result.returncode, made["verdict"]), (0, "not-guaranteed"), work)
            self.assertNotIn("nothing-to-overwrite", made["reasons"])
            self.assertEqual(self.told()["path"], made["path"])
            self.assertFalse(pathlib.Path(made["path"]).parent.exists(), work)
            self.assertFalse(renamed.exists(), work)
            self.assertEqual(self.json("exports", "list"), [])

    def test_what_the_program_took_away_is_reported(self):
        away = self.folder / "away.pdf"
        here = pathlib.Path("/dev/shm") / f"coffre-test-{os.getpid()}"
        self.addCleanup(here.unlink, missing_ok=True)
        for work, reason in ((f"import shutil; shutil.move(path, {str(away)!r})", "not-found"),
                             (f"path.rename({str(here)!r})", "not-found"),
                             (f"path.rename({str(here)!r}); path.write_text('x')", "not-found"),
                             ("import shutil; shutil.rmtree(path.parent)", "not-found"),
                             (f"pathlib.Path({str(here)!r}).unlink(True); "
                              f"os.link(path, {str(here)!r})", "hard-links")):
            before = len(self.erasures())
            result, made = self.opened(work)
            self.assertEqual(result.returncode, 7, work)
            self.assertIn(reason, made["reasons"], work)
            told = self.erasures()[before:]
            self.assertEqual(len(told), 1)
            self.assertIn(reason, told[0]["reason"])
            is_lost = reason == "not-found"
            self.assertEqual(made["verdict"], "failed" if is_lost else "not-guaranteed")
            self.assertEqual(told[0]["outcome"], "failure" if is_lost else "success")
            self.assertFalse(pathlib.Path(made["path"]).parent.exists())
            self.assertEqual(self.json("exports", "list"), [])
        self.assertEqual(here.read_bytes(), b"", "the second name keeps nothing")
        said = self.place.call("open", self.document, "--reason", "avis", "--with",
                               self.program("path.unlink()"), user="claire").stderr
        self.assertIn(b"moved the copy away or removed it", said)

    def test_a_copy_that_was_made_read_only_is_overwritten(self):
        for words in ((), ("--on-disk",)):
            _, made = self.opened("path.chmod(0o400)", *words)
            self.assertNotEqual(made["verdict"], "failed")
            self.assertNotIn("write-protected", made["reasons"])
            self.assertNotIn("not-overwritten", made["reasons"])

    def test_a_copy_that_another_process_erased_meanwhile_ends_well(self):
        for form in ("--json", ""):
            self.erase_from_elsewhere(form)

    def erase_from_elsewhere(self, form):
        (self.folder / "word").unlink(missing_ok=True)
        (self.folder / "editor.told").unlink(missing_ok=True)
        process = self.start(WAITS_FOR_A_WORD, form=form)
        path = pathlib.Path(self.told()["path"])
        before = len(self.erasures())
        erased = self.place.call("exports", "erase", self.document, "--json")
        self.assertEqual(erased.returncode, 7, erased)
        self.assertFalse(path.parent.exists())
        (self.folder / "word").touch()
        output, errors = process.communicate()
        self.assertEqual(process.returncode, 0, errors)
        if form:
            made = json.loads(output)
            self.assertEqual(made["verdict"], "not-guaranteed")
            self.assertIn("memory-file-system", made["reasons"])
        else:
            self.assertIn(b"another process erased the copy meanwhile", errors)
        self.assertEqual(len(self.erasures()), before + 1)

    def test_an_emptied_or_endless_file_is_no_version_and_the_end_comes_all_the_same(self):
        for work, why in (("path.write_bytes(b'')", "the file is empty"),
                          ("os.truncate(path, 1 << 41)", "too large")):
            document = self.letter()
            result, made = self.opened(work, document=document)
            self.assertEqual((made["stored"], made["unstored"]), (0, True))
            self.assertEqual(result.returncode, 0)
            said = self.place.call("open", document, "--reason", "avis", "--with",
                                   self.folder / "editor.py", user="claire").stderr
            self.assertEqual(said.count(why.encode()), 1, said)
            self.assertFalse(pathlib.Path(made["path"]).parent.exists())
            self.assertEqual(self.content_of(document), b"Bonjour")

    def test_what_does_not_go_with_the_copy_is_said(self):
        said = self.place.call("open", self.document, "--reason", "avis", "--with",
                               self.program(""), user="claire").stderr
        self.assertIn(b"recovery files", said)

    def test_the_disk_is_used_only_when_that_is_said(self):
        made = self.place.call("open", self.document, "--reason", "avis", "--with",
                               self.program(""), "--on-disk", "--json", user="claire")
        value = json.loads(made.stdout)
        self.assertTrue(value["path"].startswith(str(self.place.state / "opened")), value)
        self.assertFalse(pathlib.Path(value["path"]).parent.exists())
        overwritten = value["verdict"].startswith("overwritten-")
        self.assertEqual(made.returncode, 0 if overwritten else 7)

    def test_who_may_not_export_may_not_open(self):
        self.refused(4, "open", self.administrative[0]["id"], "--reason", "x", "--with",
                     self.program(""), user="bruno")
        self.refused(4, "open", self.document, "--reason", "x", "--with", self.program(""),
                     user="sylvie")
        self.assertFalse((self.folder / "editor.told").exists())

    def test_words_that_are_wrong(self):
        self.refused(2, "open", self.document, user="claire")
        self.refused(2, "open", self.document, "--reason", "", user="claire")
        self.refused(1, "open", self.document, "--reason", "x", "--with", "no-such-program",
                     user="claire")
        result = self.place.call("batch", "--json", user="claire",
                                 stdin=f"open {self.document} --reason x\n".encode())
        self.assertEqual(result.returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
