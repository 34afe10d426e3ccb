"""After the lock, the memory of the desktop program holds nothing of the session.

A vault is made in a real window, a patient added, a page of one colour brought in and looked at.
/proc/PID/mem is searched for the password, the patient's name, the document's title and the pixels
of the page: before the lock all are found, after it none, and no process of the viewer is left. The
password is looked for while it stands in its field, and is gone once it was used.

usage: memory_test.py COFFRE_E2E SHOTS       exit 77: skipped, no right to read or a tool is missing
"""

import os
import pathlib
import shutil
import struct
import sys
import tempfile
import time
import zlib

import desktop
import desktop_test

PASSWORD = desktop_test.OWNER_PASSWORD
PATIENT, TITLE = "Zzyvatrelle", "Qxmarqueurdetitre"
RED, GREEN, BLUE = 0xA7, 0x3C, 0x5E
PIXELS = 64
CODINGS = ("utf-8", "utf-16-le", "utf-32-le")


def needles() -> dict[str, list[bytes]]:
    colour = bytes((RED, GREEN, BLUE, 255)), bytes((BLUE, GREEN, RED, 255))
    return {"password": [PASSWORD.encode(coding) for coding in CODINGS],
            "patient": [PATIENT.encode(coding) for coding in CODINGS],
            "title": [TITLE.encode(coding) for coding in CODINGS],
            "pixels": [each * PIXELS for each in colour]}


def found(pid: int) -> set[str]:
    """What is in the memory of the process. Regions are read whole: a needle may lie anywhere."""
    names = set()
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights, *_ = line.split(None, 5)
            if "r" not in rights or "[v" in line:
                continue
            begin, end = (int(part, 16) for part in place.split("-"))
            try:
                memory.seek(begin)
                region = memory.read(end - begin)
            except (OSError, ValueError):
                continue
            names |= {name for name, forms in needles().items()
                      if any(form in region for form in forms)}
    return names


def page_of_one_colour(path: pathlib.Path):
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    width, height = 700, 900
    rows = (b"\0" + bytes((RED, GREEN, BLUE)) * width) * height
    path.write_bytes(b"\x89PNG\r\n\x1a\n"
                     + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def children(pid: int) -> list[str]:
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_free_of(program: desktop.Program, names: set[str]) -> bool:
    return not found(program.process.pid) & names


def look_at(program: desktop.Program, page: pathlib.Path):
    program.press("ctrl+n")
    program.fill("patient.last", PATIENT)
    program.fill("patient.first", "Zoe")
    program.fill("patient.born", "17/09/1991")
    program.click("patient.save")
    program.wait(lambda: PATIENT in program.texts() and program.find("patient.save") is None,
                 "the patient in the list")
    program.order("drop", str(page))
    # Typed, not the file's name: that has passed through the test's own order.
    program.fill("import.name", TITLE)
    desktop_test.file_them(program, "deposer", PATIENT)
    program.click("documents.0")
    seen = set()
    program.wait(lambda: seen.update(found(program.process.pid)) or "pixels" in seen,
                 "the page's pixels in memory")
    program.shot("page")
    assert {"patient", "pixels", "title"} <= seen, f"the control found only {seen}"


def main() -> int:
    missing = desktop.missing_tools()
    if missing:
        print("skipped: not installed:", *missing)
        return 77
    binary, place = sys.argv[1:]
    shots = pathlib.Path(place) / "memory"
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="coffre-memory-") as made:
        folder = pathlib.Path(made)
        page = folder / "page.png"
        page_of_one_colour(page)
        display = desktop.Display("us")
        program = desktop.Program(binary, display, folder, shots)
        try:
            try:
                found(program.process.pid)
            except PermissionError:
                print("skipped: the memory of the program may not be read by this user")
                return 77
            desktop_test.make_vault(program)
            program.press("ctrl+l")
            program.fill("unlock.password", PASSWORD)
            program.wait(lambda: "password" in found(program.process.pid), "the typed password")
            program.press("Return")
            program.wait("top.person")
            program.wait(lambda: is_free_of(program, {"password"}), "the used password wiped")
            look_at(program, page)
            program.press("ctrl+l")
            program.wait("unlock.password")
            program.wait(lambda: is_free_of(program, set(needles())),
                         f"nothing left, but {found(program.process.pid)}", 10)
            assert not children(program.process.pid), "a viewer is left"
            assert program.end() == 0
        finally:
            if program.process.poll() is None:
                program.process.kill()
            display.close()
    print("memory: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
