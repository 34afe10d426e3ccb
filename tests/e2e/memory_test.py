"""After the lock, the memory of the desktop program holds nothing of the session.

A vault is made in a real window, a patient added, a page of one colour with one word on it brought
in, looked at and searched. All of /proc/PID/mem is searched for the password, the patient's names,
the document's title, its word, the pixels of its page, and every key that live_keys.h reports from
inside: before the lock all are found, after it none, and no process of the viewer is left. The
password is looked for while it stands in its field, and is gone once it was used. That the keys are
the session's is seen by their public halves, which stand in the vault's file. The programs that
ship do not have the hook.

usage: memory_test.py COFFRE_E2E SHOTS SHIPPED...
       exit 77: skipped, no right to read or a tool is missing
"""

import json
import pathlib
import shutil
import sys
import tempfile
import zlib

import desktop
import desktop_test

PASSWORD = desktop_test.OWNER_PASSWORD
LAST, FIRST, TITLE = "Zzyvatrelle", "Wexophine", "Qxmarqueurdetitre"
WORD = "Quoxilmandreth"
COLOUR = (0xA7, 0x3C, 0x5E)
PIXELS = 64
CODINGS = ("utf-8", "utf-16-le", "utf-32-le")
MASK = 0xA5  # kMask of live_keys.cpp
# Words of coffre_e2e's call and of its hook.
HOOK_MARKS = (b"--widget-log", b"/proc/self/smaps", b"/proc/self/mem")


def needles() -> dict[str, list[bytes]]:
    pixel = bytes((*COLOUR, 255)), bytes((*reversed(COLOUR), 255))
    texts = {"password": PASSWORD, "last name": LAST, "first name": FIRST, "title": TITLE,
             "word": WORD}
    return {name: [text.encode(coding) for coding in CODINGS] for name, text in texts.items()
            } | {"pixels": [each * PIXELS for each in pixel]}


def found(pid: int, wanted: dict[str, list[bytes]]) -> set[str]:
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
            names |= {name for name, forms in wanted.items()
                      if name not in names and any(form in region for form in forms)}
    return names


def page_with_a_word(path: pathlib.Path):
    """A PDF of one page, filled with COLOUR. The word is compressed in it: it comes to the memory
    of the program only as the text that the viewer reads."""
    red, green, blue = (part / 255 for part in COLOUR)
    drawn = (f"{red:.6f} {green:.6f} {blue:.6f} rg 0 0 500 700 re f\n"
             f"0 g BT /F1 24 Tf 60 640 Td ({WORD}) Tj ET\n").encode()
    content = zlib.compress(drawn)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 700] /Contents 4 0 R "
               b"/Resources << /Font << /F1 5 0 R >> >> >>",
               b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
               % (len(content), content),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
                     + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                     % (len(objects) + 1, len(out)))


def children(pid: int) -> list[str]:
    """Of all its threads: any may have started one."""
    return [child for listed in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
            for child in listed.read_text().split()]


def unmasked(text: str) -> bytes:
    return bytes(byte ^ MASK for byte in bytes.fromhex(text))


class Keys:
    """What the hook inside reports now."""

    def __init__(self, program: desktop.Program, folder: pathlib.Path):
        report = folder / "keys.json"
        report.unlink(missing_ok=True)
        program.order("keys", str(report))
        program.wait(report.exists, "the report of live keys")
        said = json.loads(report.read_text())
        self.secrets = said["secrets"]
        self.schedules = said["schedules"]

    def of_the_vault(self, stored: bytes, kind: str) -> int:
        """How many secrets are private keys whose public half the vault's file holds."""
        return sum(bytes.fromhex(secret[kind]) in stored for secret in self.secrets)

    def needles(self) -> dict[str, list[bytes]]:
        return ({f"secret {number}": [unmasked(secret["block"])]
                 for number, secret in enumerate(self.secrets)}
                | {f"key of AES {number}": [unmasked(key)]
                   for number, key in enumerate(self.schedules)})


def look_at(program: desktop.Program, page: pathlib.Path):
    desktop_test.add_patient(program, LAST, FIRST)
    program.order("drop", str(page))
    # Typed, not the file's name: that has passed through the test's own order.
    program.fill("import.name", TITLE)
    desktop_test.file_them(program, "deposer", LAST)
    program.click("documents.0")
    program.settled("document.page")
    program.press("ctrl+shift+f")
    # A part of the word is typed: the whole comes from the document only.
    program.fill("document.find_words", WORD[:5].lower())
    program.wait("document.hit_current", "the word found in the document")
    program.shot("page")


def control(program: desktop.Program, keys: Keys, vault: pathlib.Path):
    """Before the lock everything is there, and the keys are the session's."""
    pid = program.process.pid
    wanted = {name: forms for name, forms in needles().items() if name != "password"}
    wanted |= keys.needles()
    missing = set(wanted) - found(pid, wanted)
    assert not missing, f"the control did not find {missing}"
    stored = b"".join(path.read_bytes() for path in vault.parent.glob(vault.name + "*"))
    signing = keys.of_the_vault(stored, "signing")
    exchange = keys.of_the_vault(stored, "exchange")
    # Of the person one to sign and one to receive; of each compartment one.
    assert signing >= 1 and exchange >= 3, (signing, exchange)
    assert keys.schedules, "no key of AES in use"
    assert children(pid), "no viewer shows the document"
    print(f"before the lock: {len(keys.secrets)} blocks of secret memory, of which {signing} sign "
          f"and {exchange} receive; {len(keys.schedules)} keys of AES")


def check_after_the_lock(program: desktop.Program, before: Keys, folder: pathlib.Path):
    pid = program.process.pid
    wanted = needles() | before.needles()
    program.wait(lambda: not found(pid, wanted), "nothing of the session in memory", 10)
    after = Keys(program, folder)
    assert not after.schedules, f"{len(after.schedules)} keys of AES are left"
    assert not after.secrets, f"{len(after.secrets)} blocks of secret memory are left"
    assert not children(pid), "a viewer is left"


def check_shipped(programs: list[str]):
    for program in programs:
        content = pathlib.Path(program).read_bytes()
        for mark in HOOK_MARKS:
            assert mark not in content, f"{program} has the tests' hook: {mark}"


def run(program: desktop.Program, folder: pathlib.Path):
    pid = program.process.pid
    page = folder / "page.pdf"
    page_with_a_word(page)
    vault = desktop_test.make_vault(program)
    program.press("ctrl+l")
    program.fill("unlock.password", PASSWORD)
    password = {"password": needles()["password"]}
    program.wait(lambda: found(pid, password), "the typed password")
    program.press("Return")
    program.wait("top.person")
    program.wait(lambda: not found(pid, password), "the used password wiped")
    look_at(program, page)
    keys = Keys(program, folder)
    control(program, keys, vault)
    program.press("ctrl+l")
    program.settled("unlock.password")
    check_after_the_lock(program, keys, folder)
    assert program.end() == 0


def main() -> int:
    missing = desktop.missing_tools()
    if missing:
        print("skipped: not installed:", *missing)
        return 77
    binary, place, *shipped = sys.argv[1:]
    check_shipped(shipped)
    shots = pathlib.Path(place) / "memory"
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="coffre-memory-") as made:
        folder = pathlib.Path(made)
        display = desktop.Display()
        program = desktop.Program(binary, display, folder, shots)
        try:
            try:
                found(program.process.pid, {})
            except PermissionError:
                print("skipped: the memory of the program may not be read by this user")
                return 77
            run(program, folder)
        finally:
            if program.process.poll() is None:
                program.process.kill()
            display.close()
    print("memory: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
