#!/usr/bin/env python3
"""What coffre-erase-helper takes from the raw image of an ext4: the names of erased files, and what
`erase` says of it.

Each case writes files under random names, makes sure that the names are in the image (else the test
is void), erases, unmounts and searches the image. Without the helper the names have to be found.

Call: helper_forensic_test.py COFFRECTL HELPER (root; exit 77: skipped)."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "core" / "erase"))
from forensic_test import Failure, Forensics, Image, need, run, skip  # noqa: E402

BLOCKS = ["-b", "4096"]


class HelperForensics(Forensics):
    def __init__(self, coffrectl, helper, directory):
        super().__init__(helper, directory)
        self.coffrectl = coffrectl

    def call(self, *words):
        """The values of an erasure, and its exit status."""
        done = subprocess.run([str(self.coffrectl), "erase", "--json", *map(str, words)],
                              capture_output=True, env={"LANG": "C"})
        need(done.stdout, done.stderr.decode())
        return json.loads(done.stdout), done.returncode

    def files(self, image, count, directory="folder", size=1000):
        folder = image.mount / directory
        folder.mkdir()
        made = [self.victim(folder, size) for _ in range(count)]
        run("sync", "-f", image.mount)
        for path, _ in made[:3]:
            need(image.hits(path.name.encode()) > 0, "void: a name is not in the image before")
        return made

    def left(self, image, victims):
        """How many names, and how many contents, the raw image still has."""
        image.close()
        names = sum(image.hits(path.name.encode()) > 0 for path, _ in victims)
        contents = sum(image.hits(marker) > 0 for _, marker in victims)
        image.open()
        return names, contents

    def case(self, image, count, *words, every=1, wanted, content=0):
        """Erases every n-th of the files; `wanted` is asked of the names that are left."""
        victims = self.files(image, count)[::every]
        values, status = self.call(*(path for path, _ in victims), *words)
        names, contents = self.left(image, victims)
        need(wanted(names), f"{names} of {len(victims)} names are left: {values[0]}")
        need(contents == content, f"{contents} contents are left")
        return values, status

    def control(self):
        with self.image("ext4", make=BLOCKS) as image:
            values, _ = self.case(image, 60, every=7, wanted=lambda left: left > 0)
            need("filesystem_journal" not in values[0], f"{values[0]}")
            need("name-and-dates" in values[0]["uncovered"], f"{values[0]}")

    def zeroed(self, **options):
        with self.image("ext4", **options) as image:
            values, status = self.case(image, 60, "--with-helper", every=7,
                                       wanted=lambda left: left == 0)
            need(status == 0, f"exit {status}")
            for value in values:
                need(value["filesystem_journal"] == "zeroed", f"{value}")
                need("dates" in value["uncovered"], f"{value}")
                need("name-and-dates" not in value["uncovered"], f"{value}")

    def divided(self):
        """A directory that got a second block keeps copies of names, and the verdict says so."""
        with self.image("ext4", make=BLOCKS) as image:
            values, _ = self.case(image, 300, "--with-helper", every=7, wanted=lambda left: True)
            for value in values:
                need(value["filesystem_journal"] == "zeroed", f"{value}")
                need("name-and-dates" in value["uncovered"], f"{value}")

    def journaled(self):
        """The content leaves the journal; that it was hit where it lay is not guaranteed still."""
        with self.image("ext4", make=BLOCKS, options="data=journal") as image:
            _, marker = victim = self.files(image, 1, "first", size=200_000)[0]
            self.call(victim[0])
            image.close()
            need(image.hits(marker) > 0, "void: the journal has no copy without the helper")
            image.open()
            values, status = self.case(image, 20, "--with-helper", wanted=lambda left: left == 0)
            need(image.hits(marker) == 0, "an older copy is left in the journal")
            need(status == 7, f"exit {status}")
            for value in values:
                need(value["verdict"] == "not-guaranteed", f"{value}")
                need(value["reasons"] == ["journaled-data"], f"{value}")
                need("journaled-content" not in value["uncovered"], f"{value}")

    def unsupported(self, kind, **options):
        with self.image(kind, **options) as image:
            values, status = self.case(image, 3, "--with-helper", wanted=lambda left: True)
            need(status == 7, f"exit {status}")
            need(values[0]["filesystem_journal"] == "unsupported", f"{values[0]}")
            need("name-and-dates" in values[0]["uncovered"], f"{values[0]}")

    def discards(self):
        with self.image("ext4", make=BLOCKS) as image:
            values, status = self.case(image, 3, "--with-helper", "--discard",
                                       wanted=lambda left: left == 0)
            need(status == 0 and values[0]["filesystem_journal"] == "zeroed", f"{values}")

    def refused(self):
        """The helper alone: what it is not to touch, and without rights."""
        with self.image("ext4") as image:
            link = self.directory / "link"
            link.symlink_to(image.mount)

            def answer(*words, **options):
                done = subprocess.run([str(self.driver), *map(str, words)], capture_output=True,
                                      **options)
                return done.returncode, json.loads(done.stdout)

            need(answer(image.mount)[1]["journal"] == "zeroed", "a mount point was refused")
            need(answer(link)[1]["error"] == "not-a-directory", "a link was followed")
            need(answer(f"{link}/.")[1]["error"] == "path-refused", "a link was followed")
            need(answer("/proc") == (1, {"error": "not-ext4", "errno": 0}), "/proc was not refused")
            need(answer(image.mount, "x")[0] == 2, "two words were taken")
            fd = os.open(image.mount, os.O_RDONLY | os.O_DIRECTORY)
            need(answer(stdin=fd)[1]["journal"] == "zeroed", "a descriptor was refused")
            code, said = answer(stdin=fd, user=65534, group=65534, extra_groups=[])
            os.close(fd)
            need(code == 1 and said["error"] == "no-rights", f"without rights: {said}")

    def cases(self):
        yield "control: without the helper the names are there", self.control
        yield "ext4: no name is left", lambda: self.zeroed(make=BLOCKS)
        yield "ext4 with fast_commit", lambda: self.zeroed(make=[*BLOCKS, "-O", "fast_commit"])
        yield "ext4 without checksums", lambda: self.zeroed(make=[*BLOCKS, "-O", "^metadata_csum"])
        yield "a directory of several blocks", self.divided
        yield "data=journal", self.journaled
        yield "ext4 without a journal", lambda: self.unsupported("ext4", make=["-O", "^has_journal"])
        yield "XFS", lambda: self.unsupported("xfs")
        yield "discard", self.discards
        yield "refusals of the helper", self.refused


def main():
    coffrectl, helper = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    if os.geteuid() != 0:
        skip("this needs root")
    if not os.path.exists("/dev/loop-control"):
        skip("there are no loop devices")
    for program in ("losetup", "mkfs.ext4", "mkfs.xfs"):
        if shutil.which(program) is None:
            skip(f"{program} is missing")
    failed = 0
    # The helper is run by another user too.
    with tempfile.TemporaryDirectory(prefix="coffre-helper-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        forensics = HelperForensics(coffrectl, helper, directory)
        try:
            Image(directory, "ext4").close()
        except (Failure, OSError) as error:
            skip(f"no image can be mounted here: {error}")
        for title, case in forensics.cases():
            try:
                case()
                print(f"ok      {title}", flush=True)
            except (Failure, OSError) as error:
                failed += 1
                print(f"FAILED  {title}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
