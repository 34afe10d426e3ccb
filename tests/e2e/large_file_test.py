"""A file of 5 GiB goes in and comes back with flat memory.

The file has holes, so that it costs no disk itself; the vault holds all of it. What comes back is
hashed and compared. Peak memory is that of each process as the kernel counted it: beside what
Argon2id takes (64 MiB here), at most 200 MB.

usage: large_file_test.py COFFRECTL       exit 77: skipped, there is too little room on the disk
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PASSWORD = "Grand-fichier-2026!x"
SIZE = 5 << 30
STEP = 1 << 20
KDF_MIB = 64
MEMORY_MAX = 200 * 1000 * 1000
ROOM = 7 << 30


def call(program: str, folder: pathlib.Path, *words: str) -> tuple[subprocess.Popen, int]:
    """Starts one command with its password; the process and the descriptor to close."""
    read_end, write_end = os.pipe()
    os.write(write_end, PASSWORD.encode() + b"\n")
    os.close(write_end)
    process = subprocess.Popen(
        [program, "--password-fd", str(read_end), *words], stdout=subprocess.PIPE,
        pass_fds=[read_end], stdin=subprocess.DEVNULL,
        env={"COFFRE_STATE_DIR": str(folder / "state"), "COFFRE_USER": "anne",
             "COFFRE_VAULT": str(folder / "grand.coffre"), "LANG": "C"})
    return process, read_end


def ended(process: subprocess.Popen, descriptor: int, words) -> int:
    """Waits; the peak memory in bytes."""
    os.close(descriptor)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (words, process.returncode)
    return used.ru_maxrss * 1024


def run(program: str, folder: pathlib.Path, *words: str) -> tuple[bytes, int]:
    process, descriptor = call(program, folder, *words)
    output = process.stdout.read()
    return output, ended(process, descriptor, words)


def hashed(stream) -> tuple[str, int]:
    state, size = hashlib.sha256(), 0
    while block := stream.read(STEP):
        state.update(block)
        size += len(block)
    return state.hexdigest(), size


def make_file(path: pathlib.Path) -> None:
    with path.open("wb") as out:
        for at in range(0, SIZE, 1 << 28):
            out.seek(at)
            out.write(b"page %d\n" % at)
        out.truncate(SIZE)


def main() -> int:
    program = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="coffre-large-") as name:
        folder = pathlib.Path(name)
        if shutil.disk_usage(folder).free < ROOM:
            print(f"skipped: less than {ROOM >> 30} GiB are free in {folder.parent}")
            return 77
        source = folder / "grand.bin"
        make_file(source)
        run(program, folder, "init", str(folder / "grand.coffre"), "--owner", "anne",
            "--kdf-memory", str(KDF_MIB))
        patient = json.loads(run(program, folder, "--json", "patient", "add", "--last", "Grand",
                                 "--first", "Anne", "--born", "1980-02-03")[0])["id"]
        filed, import_peak = run(program, folder, "--json", "import", str(source), "--patient",
                                 patient, "--compartment", "medical")
        document = json.loads(filed)[0]["id"]
        words = ("export", document, "--to", "-", "--reason", "relecture")
        process, descriptor = call(program, folder, *words)
        digest, size = hashed(process.stdout)
        export_peak = ended(process, descriptor, words)
        with source.open("rb") as original:
            assert (digest, size) == hashed(original), "what came back differs"
        most = (KDF_MIB << 20) + MEMORY_MAX
        assert import_peak <= most and export_peak <= most, (import_peak, export_peak)
        print(f"1 passed, 0 failed: {SIZE >> 30} GiB; peak {import_peak >> 20} MiB in, "
              f"{export_peak >> 20} MiB out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
