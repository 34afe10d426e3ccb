#!/usr/bin/env python3
"""What is left in the raw image of a file system after an erasure, and what the verdict says of it.

Each case makes an image, mounts it, writes a file full of a random marker under a random name, makes
sure that the marker is in the raw image (else the test is void), acts, unmounts and searches the raw
image. The negative controls do what does not erase, and must find the marker.

usage: forensic_test.py DRIVER GROUP [CASE]     groups: ext4 xfs btrfs others
exit 77: skipped (not root, or without loop devices, or a program is missing)
"""

import contextlib
import ctypes
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile

MIB = 1 << 20
SIZE = 200_000
VERDICTS = ("overwritten-in-place", "overwritten-logically", "not-guaranteed", "failed")
IN_PLACE = ("overwritten-in-place", "overwritten-logically")


class Failure(Exception):
    pass


class Skipped(Exception):
    pass


def skip(reason):
    print(f"SKIPPED: the erasures were NOT examined on images of file systems: {reason}")
    sys.exit(77)


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, words))}: {done.stdout.strip()}")
    return done.stdout


def need(condition, message):
    if not condition:
        raise Failure(message)


class Image:
    """An image file with a file system, mounted at .mount until close()."""

    MAKE = {
        "ext4": (24, ["mkfs.ext4", "-q", "-F", "-E", "nodiscard"]),
        "xfs": (300, ["mkfs.xfs", "-q", "-K", "-m", "reflink=1"]),
        "btrfs": (112, ["mkfs.btrfs", "-q", "-K"]),
    }

    def __init__(self, directory, kind, make=(), options="", tune=()):
        size, command = self.MAKE[kind]
        self.kind = kind
        self.file = directory / f"{kind}-{secrets.token_hex(4)}.img"
        self.mount = directory / f"mount-{secrets.token_hex(4)}"
        self.mount.mkdir()
        with open(self.file, "wb") as out:
            out.truncate(size * MIB)
        run(*command, *make, self.file)
        if tune:
            run(*tune, self.file)
        self.options = options
        self.device = None
        self.mounted = False
        try:
            self.open()
        except BaseException:
            self.close()
            raise

    def open(self):
        self.device = run("losetup", "--find", "--show", self.file).strip()
        # Discarding would wipe what the negative controls have to find.
        options = ",".join(filter(None, ["nodiscard", self.options]))
        run("mount", "-t", self.kind, "-o", options, self.device, self.mount)
        self.mounted = True

    def close(self):
        if self.mounted:
            run("umount", self.mount)
            self.mounted = False
        if self.device:
            run("losetup", "--detach", self.device)
            self.device = None

    def hits(self, marker):
        """Times that the bytes are in the raw image; holes are skipped."""
        count, tail = 0, b""
        with open(self.file, "rb") as image:
            at = 0
            while True:
                try:
                    at = os.lseek(image.fileno(), at, os.SEEK_DATA)
                except OSError:
                    return count
                end = os.lseek(image.fileno(), at, os.SEEK_HOLE)
                tail = b""
                while at < end:
                    block = os.pread(image.fileno(), min(4 * MIB, end - at), at)
                    if not block:
                        return count
                    count += (tail + block).count(marker)
                    tail = block[-(len(marker) - 1):]
                    at += len(block)


class Forensics:
    def __init__(self, driver, directory):
        self.driver = driver
        self.directory = directory

    @contextlib.contextmanager
    def image(self, kind, **options):
        image = Image(self.directory, kind, **options)
        try:
            yield image
        finally:
            image.close()
            image.file.unlink()

    @staticmethod
    def victim(directory, size=SIZE, prepare=None):
        """A file full of a new marker, on the medium: path and marker."""
        # No byte twice: a compressor would write a repetition inside the marker as a reference, and
        # the marker would not be found in what it wrote.
        marker = bytes(secrets.SystemRandom().sample(range(256), 16))
        path = directory / f"name{secrets.token_hex(12)}"
        with open(path, "wb") as out:
            if prepare:
                prepare(path)
            out.write((marker * (size // len(marker) + 1))[:size])
            out.flush()
            os.fsync(out.fileno())
        return path, marker

    @staticmethod
    def present(image, marker):
        run("sync", "-f", image.mount)
        need(image.hits(marker) > 0, "void: the marker is not in the image before the action")

    def erase(self, *paths):
        done = subprocess.run([str(self.driver), *map(str, paths)], stdout=subprocess.PIPE,
                              text=True)
        need(done.returncode in (0, 1), f"the driver ended with {done.returncode}")
        keys = ("path", "verdict", "reasons", "left", "file_system", "medium", "bytes")
        reports = [dict(zip(keys, line.split("\t"))) for line in done.stdout.splitlines()]
        for report in reports:
            report["reasons"] = set(filter(None, report["reasons"].split(",")))
        return reports

    def act(self, image, action, size=SIZE, prepare=None, between=None):
        """Hits in the raw image after `action` on a fresh file, and what the action gave."""
        path, marker = self.victim(image.mount, size, prepare)
        self.present(image, marker)
        if between:
            between(path)
        result = action(path)
        need(not os.path.lexists(path), "the name is still there")
        image.close()
        hits, names = image.hits(marker), image.hits(path.name.encode())
        image.open()
        return hits, names, result

    def erased(self, image, **options):
        said = self.forecast(image.mount)
        hits, names, report = self.act(image, lambda path: self.erase(path)[0], **options)
        if "prepare" not in options:  # what was said is of a file that nobody marked
            need(VERDICTS.index(said["verdict"]) <= VERDICTS.index(report["verdict"])
                 and said["reasons"] <= report["reasons"], f"said {said}, but {report}")
        return hits, names, report

    def forecast(self, directory):
        """What is said of a new file there, before there is one."""
        line = run(self.driver, "--forecast", directory).rstrip("\n")
        _, verdict, reasons = line.split("\t")
        return {"verdict": verdict, "reasons": set(filter(None, reasons.split(",")))}

    def good(self, image, **options):
        hits, _, report = self.erased(image, **options)
        need(report["verdict"] in IN_PLACE, f"not a success: {report}")
        need(not report["reasons"], f"reasons beside a success: {report}")
        need(report["left"] == "nothing", f"left: {report}")
        need(report["file_system"] == image.kind, f"file system: {report}")
        need(hits == 0, f"{hits} hits after {report}")

    def weak(self, image, wanted, remains=None, **options):
        hits, _, report = self.erased(image, **options)
        need(report["verdict"] == "not-guaranteed", f"not 'not-guaranteed': {report}")
        need(wanted <= report["reasons"], f"{wanted} not among the reasons of {report}")
        if remains is not None:
            need((hits > 0) == remains, f"{hits} hits after {report}")

    def honest(self, image, otherwise, **options):
        """Whether it can be overwritten depends on the kernel: the verdict has to know."""
        hits, _, report = self.erased(image, **options)
        if report["verdict"] in IN_PLACE:
            need(hits == 0, f"{hits} hits after {report}")
        else:
            need(otherwise <= report["reasons"], f"{report}")

    def control(self, image, action, **options):
        hits, _, _ = self.act(image, action, **options)
        need(hits > 0, "the negative control finds nothing: the test proves nothing")

    # ---- ext4

    def ext4(self):
        with self.image("ext4") as image:
            yield "ext4 overwritten, name in the journal", lambda: self.good(image)
            yield "ext4 many sizes", lambda: [self.good(image, size=size)
                                              for size in (32, 4095, 4096, 4097, 3 * MIB + 5)]
            yield "ext4 the name stays", lambda: self.name_stays(image)
            yield "ext4 a group of files", lambda: self.group(image)
            yield "ext4 file of chattr +j", lambda: self.weak(
                image, {"journaled-data"}, True, prepare=journal_content)
            yield "ext4 immutable", lambda: self.immutable(image)
            yield "ext4 bind mount over the file", lambda: self.mounted_over(image)
            yield "ext4 read-only", lambda: self.read_only(image)
            yield "ext4 control: rm", lambda: self.control(image, os.unlink)
            yield "ext4 control: O_TRUNC", lambda: self.control(image, truncating)
            yield "ext4 control: no fsync", lambda: self.control(image, unsynced)
            yield "ext4 control: punch hole", lambda: self.control(image, punching)
        with self.image("ext4", make=["-b", "1024"]) as image:
            yield "ext4 blocks of 1 KiB", lambda: self.good(image, size=10_001)
        with self.image("ext4", options="data=journal") as image:
            yield "ext4 data=journal", lambda: self.weak(image, {"journaled-data"}, True)
            yield "ext4 data=journal control: shred", lambda: self.control(image, shredding)
        with self.image("ext4", tune=["tune2fs", "-o", "journal_data"]) as image:
            yield "ext4 journal_data by default", lambda: self.weak(
                image, {"journaled-data"}, True)
        with self.image("ext4", make=["-O", "inline_data", "-I", "256"]) as image:
            yield "ext4 inline", lambda: self.weak(image, {"inline-extents"}, size=64)

    def name_stays(self, image, **options):
        _, names, report = self.erased(image, **options)
        need(report["verdict"] in IN_PLACE and names > 0,
             "the name is gone from the journal too: docs/ERASING.md says otherwise")

    def group(self, image):
        directory = image.mount / "group"
        directory.mkdir()
        victims = [self.victim(directory, 20_000) for _ in range(40)]
        for _, marker in victims[:3]:
            self.present(image, marker)
        reports = self.erase("--in", directory)
        need(len(reports) == 40 and all(r["verdict"] in IN_PLACE for r in reports), f"{reports}")
        image.close()
        hits = sum(image.hits(marker) for _, marker in victims)
        image.open()
        need(hits == 0, f"{hits} hits after a group")

    def refused(self, path, content, reason):
        report = self.erase(path)[0]
        need(report["verdict"] == "failed" and report["reasons"] == {reason}, f"{report}")
        need(report["left"] == "untouched", f"{report}")
        need(pathlib.Path(path).read_bytes() == content, "the victim was changed")

    def immutable(self, image):
        path, _ = self.victim(image.mount)
        content = path.read_bytes()
        for flag in "ia":
            run("chattr", f"+{flag}", path)
            try:
                self.refused(path, content, "immutable")
            finally:
                run("chattr", f"-{flag}", path)

    def mounted_over(self, image):
        below, _ = self.victim(image.mount)
        path, _ = self.victim(image.mount)
        content, beneath = below.read_bytes(), path.read_bytes()
        run("mount", "--bind", below, path)
        try:
            self.refused(path, content, "mount-point")
        finally:
            run("umount", path)
        need(path.read_bytes() == beneath, "the file below the mount was changed")

    def read_only(self, image):
        path, _ = self.victim(image.mount)
        content = path.read_bytes()
        run("mount", "-o", "remount,ro", image.mount)
        try:
            self.refused(path, content, "read-only-file-system")
        finally:
            run("mount", "-o", "remount,rw", image.mount)

    # ---- XFS

    def xfs(self):
        with self.image("xfs") as image:
            yield "XFS overwritten", lambda: self.good(image)
            yield "XFS odd and large", lambda: self.good(image, size=3 * MIB + 5)
            yield "XFS reflink", lambda: self.weak(
                image, {"shared-extents"}, True, between=lambda path: clone(path, f"{path}.kept"))
            yield "XFS reflink of a part", lambda: self.weak(
                image, {"shared-extents"}, True, size=4 * MIB,
                between=lambda path: clone(path, f"{path}.kept", 65_536))
            yield "XFS the name stays", lambda: self.name_stays(image)
            yield "XFS control: rm", lambda: self.control(image, os.unlink)
            yield "XFS control: no fsync", lambda: self.control(image, unsynced)
            yield "XFS control: O_TRUNC", lambda: self.control(image, truncating)

    # ---- btrfs

    def btrfs(self):
        unmanaged = lambda path: run("chattr", "+C", path)
        with self.image("btrfs") as image:
            yield "btrfs +C", lambda: self.good(image, prepare=unmanaged)
            yield "btrfs +C large", lambda: self.good(image, prepare=unmanaged, size=3 * MIB + 5)
            yield "btrfs", lambda: self.weak(image, {"copy-on-write", "moved-extents"}, True)
            yield "btrfs inline", lambda: self.weak(image, {"inline-extents"}, size=1000)
            yield "btrfs +C small", lambda: self.honest(image, {"inline-extents"}, size=1000,
                                                        prepare=unmanaged)
            yield "btrfs reflink", lambda: self.weak(
                image, {"shared-extents"}, True, between=lambda path: clone(path, f"{path}.kept"))
            yield "btrfs +C the name stays", lambda: self.name_stays(image, prepare=unmanaged)
            yield "btrfs control: rm", lambda: self.control(image, os.unlink)
            # It says nothing, and reports success: the file's blocks are new ones.
            yield "btrfs control: shred", lambda: self.control(image, shredding)
        with self.image("btrfs") as image:
            yield "btrfs snapshot, +C", lambda: self.weak(
                image, {"shared-extents"}, True, prepare=unmanaged,
                between=lambda _: run("btrfs", "subvolume", "snapshot", image.mount,
                                      image.mount / "kept"))
        with self.image("btrfs") as image:
            yield "ext4 in a file on btrfs", lambda: self.stacked(image, False)
            yield "ext4 in a file on btrfs, +C", lambda: self.stacked(image, True)
        with self.image("btrfs", options="compress-force=lzo") as image:
            yield "btrfs compressed", lambda: self.weak(
                image, {"compressed-extents", "copy-on-write"}, True)

    def stacked(self, below, unmanaged):
        directory = below.mount / secrets.token_hex(4)
        directory.mkdir()
        if unmanaged:
            run("chattr", "+C", directory)
        image = Image(directory, "ext4")
        try:
            path, marker = self.victim(image.mount)
            run("sync", "-f", image.mount)
            self.present(below, marker)
            said, report = self.forecast(image.mount), self.erase(path)[0]
            run("sync", "-f", image.mount)
        finally:
            image.close()
        below.close()
        hits = below.hits(marker)
        below.open()
        if unmanaged:
            need(report["verdict"] in IN_PLACE and hits == 0, f"{hits} hits after {report}")
        else:
            need(report["verdict"] == "not-guaranteed" and hits > 0, f"{hits} hits after {report}")
            need("block-layer-copies" in report["reasons"] & said["reasons"], f"{said}, {report}")

    # ---- others

    def others(self):
        yield "tmpfs", self.tmpfs
        yield "overlay, lower file", self.overlay
        yield "FUSE", self.fuse

    def gone(self, path, wanted):
        said = self.forecast(path.parent)
        report = self.erase(path)[0]
        need(said["verdict"] == report["verdict"] and said["reasons"] <= report["reasons"],
             f"said {said}, but {report}")
        need(report["verdict"] == "not-guaranteed", f"{report}")
        need(wanted <= report["reasons"], f"{wanted} not among the reasons of {report}")
        need(not path.exists(), "the name is still there")

    def tmpfs(self):
        mount = self.directory / "tmpfs"
        mount.mkdir()
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", mount)
        try:
            path, _ = self.victim(mount)
            self.gone(path, {"memory-file-system", "no-extent-map"})
        finally:
            run("umount", mount)

    def overlay(self):
        with self.image("ext4") as image:
            lower, upper, work = (image.mount / name for name in ("lower", "upper", "work"))
            for made in (lower, upper, work):
                made.mkdir()
            below, marker = self.victim(lower)
            self.present(image, marker)
            merged = self.directory / "merged"
            merged.mkdir()
            run("mount", "-t", "overlay", "-o",
                f"lowerdir={lower},upperdir={upper},workdir={work}", "overlay", merged)
            try:
                self.gone(merged / below.name, {"overlay-file-system"})
                path, _ = self.victim(merged)
                self.gone(path, {"overlay-file-system"})
            finally:
                run("umount", merged)
            need(below.exists(), "the lower file is gone")
            image.close()
            need(image.hits(marker) > 0, "the lower file's marker is gone")

    def fuse(self):
        if not (shutil.which("gocryptfs") and os.path.exists("/dev/fuse")):
            raise Failure("gocryptfs or /dev/fuse is missing (third_party/packages.txt)")
        cipher, plain = self.directory / "cipher", self.directory / "plain"
        cipher.mkdir()
        plain.mkdir()
        word = self.directory / "word"
        word.write_text("an invented password")
        run("gocryptfs", "-q", "-init", "-scryptn", "10", "-passfile", word, cipher)
        run("gocryptfs", "-q", "-passfile", word, cipher, plain)
        try:
            path, _ = self.victim(plain)
            self.gone(path, {"fuse-file-system"})
        finally:
            run("fusermount3", "-u", plain)


def journal_content(path):
    try:
        run("chattr", "+j", path)
    except Failure as error:  # wants CAP_SYS_RESOURCE, which a container's root may not have
        raise Skipped(str(error)) from error


# ---- what does not erase


def truncating(path):
    with open(path, "wb") as out:
        out.write(secrets.token_bytes(SIZE))
        out.flush()
        os.fsync(out.fileno())
    os.unlink(path)


def unsynced(path):
    fd = os.open(path, os.O_WRONLY)
    os.write(fd, secrets.token_bytes(SIZE))
    os.ftruncate(fd, 0)
    os.close(fd)
    os.unlink(path)


def shredding(path):
    run("shred", "-n1", "-u", path)


def punching(path):
    keep_size, punch_hole = 1, 2
    libc = ctypes.CDLL(None, use_errno=True)
    fd = os.open(path, os.O_WRONLY)
    need(libc.fallocate(fd, keep_size | punch_hole, ctypes.c_long(0), ctypes.c_long(SIZE)) == 0,
         "fallocate failed")
    os.fsync(fd)
    os.close(fd)
    os.unlink(path)


def clone(path, to, size=0):
    """FICLONERANGE; the whole file when size is 0."""
    import fcntl
    import struct
    with open(path, "rb") as source, open(to, "wb") as target:
        request = struct.pack("qQQQ", source.fileno(), 0, size, 0)
        fcntl.ioctl(target.fileno(), 0x4020940D, request)
        os.fsync(target.fileno())


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    group, only = sys.argv[2], sys.argv[3:] and sys.argv[3]
    if os.geteuid() != 0:
        skip("this needs root")
    if not os.path.exists("/dev/loop-control"):
        skip("there are no loop devices")
    for program in ("losetup", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs", "chattr"):
        if shutil.which(program) is None:
            skip(f"{program} is missing")
    known = pathlib.Path("/proc/filesystems").read_text().split()
    if group in ("xfs", "btrfs") and group not in known:
        if subprocess.run(["modprobe", group], stderr=subprocess.DEVNULL).returncode != 0:
            skip(f"this kernel has no {group}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="coffre-forensic-") as name:
        forensics = Forensics(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(name))
        try:
            probe = Image(pathlib.Path(name), "ext4")
        except (Failure, OSError) as error:
            skip(f"no image can be mounted here: {error}")
        probe.close()
        for title, case in getattr(forensics, group)():
            if only and only not in title:
                continue
            try:
                case()
                print(f"ok      {title}", flush=True)
            except Skipped as error:
                print(f"SKIPPED {title}: {error}", flush=True)
            except (Failure, OSError) as error:
                failed += 1
                print(f"FAILED  {title}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
