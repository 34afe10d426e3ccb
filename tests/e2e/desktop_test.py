"""A day with the desktop program in a real window, from the first start to a colleague's unlock.

usage: desktop_test.py COFFRE_E2E COFFRECTL SAMPLES SHOTS VARIANT
       exit 77: skipped, a tool is missing

Make a vault, unlock it, add a patient, bring in two documents by the program's own browser and one
by a drop, read them, export one, let it lock by idleness, unlock as billing and see no medical
document. VARIANT is one of VARIANTS: language, keyboard, scale, slow frames, no GLX. The documents
are the real ones of ../shared/documents beside the repository, or else generated samples.
Screenshots go to SHOTS/VARIANT.
"""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import desktop

OWNER, OWNER_PASSWORD = "Claire Aubry", "Agrafe-Lanterne-Cheval-52"
CLERK, CLERK_PASSWORD = "Paul Remy", "Tilleul-Bascule-Orage-83"
CLERK_FIRST_PASSWORD = "Provisoire-Remy-2026!"
PATIENT = "Lefevre"
REAL_DOCUMENTS = pathlib.Path(__file__).resolve().parents[3] / "shared" / "documents"
# Two PDFs, one of many pages, and a picture in the colours of a printer.
REAL_NAMES = ("baiona_cmyk.jpg", "francais.pdf", "multipage.pdf")
PAGE_OR_ERROR = ("document.page", "document.error", "document.page_error")
TOO_SLOW = ("L’affichage du document prend trop de temps.", "Showing the document takes too long.")
READ_AGAIN_MAX = 3


@dataclasses.dataclass
class Variant:
    language: str = "fr"
    layout: str = "us"
    scale: int = 1
    glx: bool = True
    frame_ms: int = 0

    @property
    def medical(self) -> str:
        return {"fr": "Médical", "en": "Medical"}[self.language]


VARIANTS = {"french": Variant(),
            "english_french_keyboard": Variant(language="en", layout="fr"),
            "scale_2": Variant(scale=2),
            "slow_frames_without_glx": Variant(frame_ms=40, glx=False)}


def account(coffrectl: str, folder: pathlib.Path, vault: pathlib.Path):
    """The owner gives billing an account, with a password of its own, on the command line."""
    environment = {"COFFRE_STATE_DIR": str(folder / "home/.local/state/coffre"), "LANG": "C",
                   "COFFRE_VAULT": str(vault)}

    def call(user: str, password: str, *words: str, new: str):
        ends = []
        for text in (password, new):
            read_end, write_end = os.pipe()
            os.write(write_end, text.encode() + b"\n")
            os.close(write_end)
            ends.append(read_end)
        subprocess.run([coffrectl, "--user", user, "--password-fd", str(ends[0]), *words,
                        "--new-password-fd", str(ends[1])], env=environment, check=True,
                       pass_fds=ends, timeout=desktop.LIMIT_S, stdout=subprocess.DEVNULL)
        for end in ends:
            os.close(end)

    call(OWNER, OWNER_PASSWORD, "user", "add", CLERK, "--role", "billing",
         new=CLERK_FIRST_PASSWORD)
    call(CLERK, CLERK_FIRST_PASSWORD, "user", "password", new=CLERK_PASSWORD)


def make_vault(program: desktop.Program) -> pathlib.Path:
    program.settled("first_start.create")
    program.shot("01-premier-demarrage")
    program.click("first_start.create")
    program.fill("first_start.practice", "Cabinet des Tilleuls")
    program.fill("first_start.owner", OWNER)
    program.click("first_start.next")
    program.fill("first_start.password", OWNER_PASSWORD)
    program.fill("first_start.again", OWNER_PASSWORD)
    program.shot("02-mot-de-passe")
    program.click("first_start.next")
    path = program.wait("first_start.path")["text"]
    program.settled("first_start.next")
    program.shot("03-emplacement")
    program.click("first_start.next")
    program.wait("top.person")
    program.shot("04-ouvert")
    return pathlib.Path(path)


def unlock(program: desktop.Program, user: str, password: str):
    program.settled("unlock.password")
    if program.find("unlock.user")["text"] != user:
        program.click("unlock.user")
        row = program.wait(lambda: next((each for each in program.widgets() if each["text"] == user
                                         and each["id"] != "unlock.user"), None), user)
        program.click(row["id"])
    program.fill("unlock.password", password)
    program.press("Return")
    program.wait("top.person")


def add_patient(program: desktop.Program, last: str = PATIENT, first: str = "Zoe"):
    program.settled("top.person")
    program.press("ctrl+n")
    program.fill("patient.last", last)
    program.fill("patient.first", first)
    program.fill("patient.born", "17/09/1991")
    program.click("patient.save")
    program.wait(lambda: last in program.texts() and program.find("patient.save") is None,
                 "the patient in the list")
    program.rest()


def file_them(program: desktop.Program, name: str, patient: str = PATIENT):
    """The sheet that asks once for all; the patient in hand is proposed, if there is one."""
    program.settled("import.cancel")
    if program.find("import.patient.words") is not None:
        program.fill("import.patient.words", patient)
        program.click("import.patient.match.0")
    program.shot(name)
    program.click("import.start")
    # A sheet without anything to tell closes by itself.
    program.wait(lambda: program.find("import.finish") or program.find("import.cancel") is None
                 and program.find("import.stop") is None, "the end of the import")
    assert program.find("import.finish") is None, program.texts()


def bring_in(program: desktop.Program, files: list[pathlib.Path]):
    """The first two by the browser, the third by a drop."""
    program.press("ctrl+o")
    program.wait("browser.cancel")
    program.wait("browser.list.0", "the home folder")
    program.rest()
    program.press("Home", "Return")  # the only folder of the home: the scans
    program.wait("browser.list.2")
    program.click("browser.list.0")
    program.click("browser.list.1", control=True)
    program.shot("06-navigateur")
    program.click("browser.accept")
    file_them(program, "07-importer")
    program.order("drop", str(files[2]))
    file_them(program, "08-deposer")
    program.wait("documents.2")


def colours(picture: pathlib.Path) -> int:
    return int(subprocess.run(["identify", "-format", "%k", str(picture)], check=True,
                              timeout=desktop.LIMIT_S, stdout=subprocess.PIPE).stdout)


def open_document(program: desktop.Program, file: pathlib.Path):
    program.rest()
    if program.find("document.back"):  # where there is no room for the list beside it
        program.click("document.back")
    row = program.wait(lambda: program.find_row(file.stem, "documents."), f"{file.stem} listed")
    program.click(row["id"])


def shown(program: desktop.Program) -> dict:
    """The page, or the error in its place, when nothing moves any more."""
    def seen():
        return next((each for each in program.widgets() if each["id"] in PAGE_OR_ERROR), None)

    program.wait(seen, "a page or an error")
    program.rest()
    return program.wait(seen, "a page or an error")


def read(program: desktop.Program, files: list[pathlib.Path], number: int):
    """Its first page is on the screen: a picture with something on it, and no error."""
    file = files[number]
    open_document(program, file)
    page = shown(program)
    for _ in range(READ_AGAIN_MAX):
        if not any(words in page["text"] for words in TOO_SLOW):
            break
        # The program waits for a page no longer than ten seconds, on a busy machine too.
        print(f"{file.name}: {page['text'].splitlines()[0]} Once more.")
        open_document(program, files[number - 1])
        open_document(program, file)
        page = shown(program)
    assert page["id"] == "document.page", page
    assert not program.find("document.fonts_missing"), "fonts are missing"
    assert page["text"].startswith("page 1 / "), page["text"]
    picture = program.shot(f"09-page-{number + 1}", page)
    assert colours(picture) > 8, f"{file.name}: nothing is drawn on the page"
    program.shot(f"09-document-{number + 1}")


def export_one(program: desktop.Program, original: pathlib.Path):
    """The document in hand goes out, byte for byte, to a file of its owner alone."""
    program.press("ctrl+e")
    program.fill("export.recipient", "Dr Martin")
    program.fill("export.reason", "avis")
    program.click("export.place")
    program.settled("browser.accept")
    program.shot("10-enregistrer")
    program.click("browser.accept")
    copy = pathlib.Path(program.wait(lambda: next(
        (each["text"] for each in program.widgets() if each["text"].startswith("/")), None),
        "the path of the copy"))
    program.settled("export.go")
    program.shot("11-exporter")
    program.click("export.go")
    program.wait(lambda: copy.exists(), f"the copy {copy}")
    assert copy.read_bytes() == original.read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600, oct(copy.stat().st_mode)
    program.wait(lambda: program.find("export.go") is None, "the sheet closed")
    program.shot("12-exporte")


def lock_by_idleness(program: desktop.Program):
    """Five minutes pass at once: the notice comes before the lock."""
    program.order("advance", str(272_000))
    program.wait("lock_notice")
    program.shot("13-preavis")
    program.order("advance", str(30_000))
    program.wait("unlock.password")
    program.rest()
    assert PATIENT not in program.texts()
    program.shot("14-verrouille")


def see_no_medical_document(program: desktop.Program, files: list[pathlib.Path], medical: str):
    """Billing finds the patient, and a list without documents."""
    row = program.wait(lambda: program.find_row(PATIENT, "patients."), "the patient for billing")
    program.click(row["id"])
    program.wait(lambda: program.find("documents.empty"), "the empty list of documents")
    program.shot("15-facturation")
    for word in (medical, *(file.stem for file in files)):
        assert word not in program.texts(), word


def put_documents(samples: str, folder: pathlib.Path) -> list[pathlib.Path]:
    folder.mkdir(parents=True)
    if REAL_DOCUMENTS.is_dir():
        for name in REAL_NAMES:
            shutil.copyfile(REAL_DOCUMENTS / name, folder / name)
    else:
        print("skipped: no real documents beside the repository; generated samples instead")
        subprocess.run([samples, str(folder), "3"], check=True, timeout=desktop.LIMIT_S,
                       stdout=subprocess.DEVNULL)
    return sorted(folder.iterdir())


def day(program_of, coffrectl: str, folder: pathlib.Path, files: list[pathlib.Path],
        variant: Variant):
    """`program_of(*words)` starts the program."""
    program = program_of()
    vault = make_vault(program)
    assert program.end() == 0
    account(coffrectl, folder, vault)
    program = program_of(str(vault))
    unlock(program, OWNER, OWNER_PASSWORD)
    add_patient(program)
    program.shot("05-patient")
    bring_in(program, files)
    for number in range(len(files)):
        read(program, files, number)
    export_one(program, files[-1])
    lock_by_idleness(program)
    unlock(program, CLERK, CLERK_PASSWORD)
    see_no_medical_document(program, files, variant.medical)
    assert program.end() == 0


def main() -> int:
    missing = desktop.missing_tools()
    if missing:
        print("skipped: not installed:", *missing)
        return 77
    binary, coffrectl, samples, place, name = sys.argv[1:]
    variant = VARIANTS[name]
    shots = pathlib.Path(place) / name
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="coffre-e2e-") as made:
        folder = pathlib.Path(made)
        files = put_documents(samples, folder / "home" / "scans")
        started = []
        display = desktop.Display(variant.layout, variant.scale, variant.glx)

        def program_of(*words: str) -> desktop.Program:
            started.append(desktop.Program(binary, display, folder, shots, words, variant.language,
                                           variant.frame_ms))
            return started[-1]

        try:
            day(program_of, coffrectl, folder, files, variant)
        finally:
            for program in started:
                if program.process.poll() is None:
                    program.process.kill()
            display.close()
    print(f"{name}: passed; pictures are in {shots}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
