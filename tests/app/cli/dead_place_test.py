#!/usr/bin/env python3
"""Copies on a place that does not answer: a FUSE file system whose program stands still.

Call: dead_place_test.py COFFRECTL. Exit 77: skipped, without root or FUSE."""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from contract import Practice


def wait_for(condition, process=None):
    while not condition():
        if process is not None and process.poll() is not None:
            raise AssertionError("the file system's program ended")


class DeadPlace(Practice):
    def setUp(self):
        base = self.place.folder / "dead"
        self.cipher, self.plain, self.disk = base / "cipher", base / "plain", base / "disk"
        for folder in (self.cipher, self.plain, self.disk):
            folder.mkdir(parents=True)
        word = base / "word"
        word.write_text("an invented password")
        subprocess.run(["gocryptfs", "-q", "-init", "-scryptn", "10", "-passfile", word,
                        self.cipher], check=True)
        self.daemon = subprocess.Popen(["gocryptfs", "-fg", "-q", "-passfile", word, self.cipher,
                                        self.plain])
        self.addCleanup(self.unmount)
        wait_for(lambda: os.path.ismount(self.plain), self.daemon)

    def unmount(self):
        self.daemon.send_signal(signal.SIGCONT)
        subprocess.run(["fusermount3", "-u", self.plain], check=False)
        self.daemon.wait(timeout=60)

    def export(self, folder):
        return self.json("export", self.document, "--to", folder / "copy.pdf", "--reason", "avis",
                         user="claire")["id"]

    def test_it_holds_up_no_other_and_its_copy_is_not_forgotten(self):
        there, here = self.export(self.plain), self.export(self.disk)
        self.daemon.send_signal(signal.SIGSTOP)
        states = {each["id"]: each["state"] for each in self.json("exports", "list")}
        self.assertEqual(states, {there: "unreachable", here: "kept"})
        result = self.place.call("exports", "erase", there, here, "--json")
        self.assertEqual(result.returncode, 7, result.stderr.decode())
        swept = {each["id"]: each for each in json.loads(result.stdout)}
        self.assertEqual((swept[there]["verdict"], swept[there]["reasons"], swept[there]["state"]),
                         ("failed", ["system-refused"], "failed"))
        self.assertEqual(swept[here]["state"], "closed")
        self.assertFalse((self.disk / "copy.pdf").exists())
        # Nobody who wants to work waits either.
        other = self.export(self.disk)
        self.assertEqual({each["id"] for each in self.json("exports", "list")}, {there, other})
        self.daemon.send_signal(signal.SIGCONT)
        result = self.place.call("exports", "erase", there, other, "--json")
        self.assertEqual({each["state"] for each in json.loads(result.stdout)},
                         {"closed"})
        self.assertFalse((self.plain / "copy.pdf").exists())
        self.assertEqual(self.json("exports", "list"), [])


if __name__ == "__main__":
    if os.geteuid() != 0 or not os.path.exists("/dev/fuse") or not shutil.which("gocryptfs"):
        print("SKIPPED: copies on a place that does not answer were NOT examined: this needs root, "
              "/dev/fuse and gocryptfs")
        sys.exit(77)
    # A search for leaks stops all threads at the end, and the one that waits there cannot be stopped.
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    unittest.main(verbosity=1)
