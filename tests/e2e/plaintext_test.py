"""Plaintext never reaches the disk outside `export` and `page`.

A practice's first steps run under strace; every byte that the program gives to a write to a file is
searched for what was typed and scanned. Then the files left behind are searched too. The control: the
one export does write the markers, and strace sees it; so a search that finds nothing has looked.
`page` hands the content to another process in memory that has no file (memfd); on the disk its one
picture is written to where it was asked for, and to nothing else.

usage: plaintext_test.py COFFRECTL SAMPLES_PROGRAM       exit 77: skipped, strace is missing
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PASSWORD = "Motdepasse-Marqueur-7!"
STAFF_PASSWORD = "Secretaire-Marqueur-8?"
LAST, FIRST, TITLE, REASON = "Zzpatientnom", "Zzprenom", "Zztitre du courrier", "Zzmotif de copie"
MARKER = "ZZCONTENUMARQUEUR"
CALLS = "write,pwrite64,writev,pwritev,pwritev2,mmap,sendfile,copy_file_range,splice,vmsplice"
MARKERS = [
    word.encode(coding)
    for word in (PASSWORD, STAFF_PASSWORD, LAST, FIRST, TITLE, REASON, MARKER)
    for coding in ("utf-8", "utf-16-le", "utf-32-le")
]
LINE = re.compile(r"\b(write|pwrite64|writev|pwritev2?)\(\d+<([^>]*)>(?:\(deleted\))?, (.*)$")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
SHARED_MAP = re.compile(r"\bmmap\([^)]*PROT_WRITE[^)]*MAP_SHARED[^)]*, \d+<([^>]*)>")
MOVED = re.compile(r"\b(sendfile|copy_file_range|splice|vmsplice)\(")


def raw(text: str) -> bytes:
    """Bytes as strace -xx writes them; names of files too."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def written(log: pathlib.Path) -> dict[str, bytes]:
    """The bytes given to writes, by file, in the order of the calls."""
    by_file: dict[str, bytearray] = {}
    for line in log.read_text(errors="replace").splitlines():
        shared = SHARED_MAP.search(line)
        if shared is not None:
            mapped = raw(shared.group(1)).decode(errors="replace")
            if is_memory(mapped):
                by_file.setdefault(mapped, bytearray())  # what goes in there is not seen here
                shared = None
        if shared is not None or MOVED.search(line):
            raise AssertionError("written by a way that is not searched: " + line[:200])
        match = LINE.search(line)
        if match is None:
            continue
        file_name = raw(match.group(2)).decode(errors="replace")
        if file_name.startswith("/"):  # not a pipe
            data = b"".join(raw(text) for text in QUOTED.findall(match.group(3)))
            by_file.setdefault(file_name, bytearray()).extend(data)
    return {name: bytes(data) for name, data in by_file.items()}


def is_memory(file_name: str) -> bool:
    """A memfd: pages of memory with a descriptor, no file."""
    return file_name.startswith("/memfd:")


def found(data: bytes) -> list[bytes]:
    return [marker for marker in MARKERS if marker in data]


class Practice:
    def __init__(self, program: str, folder: pathlib.Path):
        self.program, self.folder = program, folder
        self.vault = folder / "vault" / "cabinet.coffre"
        self.vault.parent.mkdir()
        self.searched = 0
        self.count = 0

    def traced(self, *words: str, user: str = "anne", password: str = PASSWORD,
               new: str = "") -> tuple[bytes, dict[str, bytes]]:
        """What one command printed and, by file, what it wrote."""
        self.count += 1
        log = self.folder / f"strace.{self.count}"
        read_end, write_end = os.pipe()
        os.write(write_end, (password + "\n" + new + "\n").encode())
        os.close(write_end)
        call = ["strace", "-f", "-y", "-xx", "-s", str(1 << 26), "-e", "trace=" + CALLS,
                "-o", str(log), self.program, "--vault", str(self.vault), "--user", user,
                "--password-fd", str(read_end)]
        if new:
            call += ["--new-password-fd", str(read_end)]
        done = subprocess.run(call + list(words), stdin=subprocess.DEVNULL, capture_output=True,
                              pass_fds=[read_end], check=False,
                              # The leak check of a sanitized build cannot run under a tracer.
                              env={"COFFRE_STATE_DIR": str(self.folder / "state"), "LANG": "fr_FR",
                                   "ASAN_OPTIONS": "detect_leaks=0",
                                   "PATH": os.environ["PATH"]})
        os.close(read_end)
        assert done.returncode == 0, (words, done.returncode, done.stderr.decode())
        by_file = written(log)
        log.unlink()
        self.searched += sum(len(data) for data in by_file.values())
        return done.stdout, by_file

    def run(self, *words: str, **who: str) -> bytes:
        """Runs one command under strace; its writes must be clean unless it is an export."""
        printed, by_file = self.traced(*words, **who)
        hits = {name: found(data) for name, data in by_file.items() if found(data)}
        if words[0] == "export":
            assert hits, "the control: an export must be seen to write its content"
        else:
            assert not hits, (words, hits)
        return printed

    def draw_page(self, document: str, target: pathlib.Path) -> None:
        """Draws a page; what of it reaches the disk is the picture, in its own file."""
        _, by_file = self.traced("page", document, "--to", str(target), "--reason", REASON,
                                 "--width", "300")
        in_memory = [name for name in by_file if is_memory(name)]
        on_disk = {name: data for name, data in by_file.items() if not is_memory(name)}
        assert in_memory, ("the control: content and picture go through memory", list(by_file))
        hits = {name: found(data) for name, data in on_disk.items() if found(data)}
        assert not hits, hits
        picture = target.read_bytes()
        assert picture.startswith(b"\x89PNG"), picture[:8]
        # Its file has no name until it is whole: a tracer sees the number of its inode.
        slices = [picture[at:at + 64] for at in range(0, len(picture) - 64, 64)]
        wrote_it = [name for name, data in on_disk.items() if any(part in data for part in slices)]
        assert len(wrote_it) == 1 and pathlib.Path(wrote_it[0]).parent == target.parent, wrote_it
        allowed = (self.vault.parent, self.folder / "state")
        for name in on_disk:
            assert name in wrote_it or any(
                pathlib.Path(name).is_relative_to(folder) for folder in allowed
            ), ("page wrote to another place", name)
        assert sorted(target.parent.iterdir()) == [target], list(target.parent.iterdir())


def main() -> int:
    program, samples = sys.argv[1], sys.argv[2]
    if shutil.which("strace") is None:
        print("skipped: strace is not installed (./dev setup installs it)")
        return 77
    probe = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        print("skipped: strace may not trace here: " + probe.stderr.decode().strip())
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        scans = folder / "scans"
        subprocess.run([samples, str(scans), "6", "--marker", MARKER], check=True,
                       capture_output=True)
        (scans / "grand.bin").write_bytes((MARKER.encode() + b"." * 4000) * 6000)
        practice = Practice(program, folder)
        practice.run("init", str(practice.vault), "--owner", "anne", "--kdf-memory", "64")
        practice.run("user", "add", "sylvie", "--role", "secretary", new=STAFF_PASSWORD)
        patient = json.loads(practice.run("patient", "add", "--last", LAST, "--first", FIRST,
                                          "--born", "1980-02-03", "--json"))["id"]
        filed = json.loads(practice.run("import", str(scans), "--patient", patient,
                                        "--compartment", "medical", "--title", TITLE, "--json",
                                        user="sylvie", password=STAFF_PASSWORD))
        assert len(filed) == 7 and all("id" in one for one in filed), filed
        document = filed[-1]["id"]
        for words in (("list",), ("show", document), ("patient", "list", LAST),
                      ("edit", document, "--title", TITLE + " bis"),
                      ("journal", "show"), ("verify", "--read-data")):
            practice.run(*words)
        practice.run("export", document, "--to", str(folder / "copie"), "--reason", REASON)
        assert (folder / "copie").read_bytes() == (scans / "grand.bin").read_bytes()
        letters = sorted(path for path in scans.iterdir())
        letter = next(at for at, path in enumerate(letters)
                      if path.suffix == ".pdf" and MARKER.encode() in path.read_bytes())
        (folder / "pictures").mkdir()
        practice.draw_page(filed[letter]["id"], folder / "pictures" / "page.png")
        for kept in [*practice.vault.parent.rglob("*"), *(folder / "state").rglob("*")]:
            if kept.is_file():
                data = kept.read_bytes()
                assert not found(data), (kept, found(data))
                practice.searched += len(data)
        print(f"1 passed, 0 failed: {practice.count} commands, "
              f"{practice.searched} bytes searched for {len(MARKERS)} markers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
