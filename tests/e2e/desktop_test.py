"""The desktop program in a real window, from the first start to a colleague's unlock.

usage: desktop_test.py COFFRE_E2E COFFRECTL SAMPLES SHOTS      exit 77: skipped, a tool is missing

The main path, in French: make a vault, unlock it, add a patient, bring in two documents by the
program's own browser and one by a drop, look at one, let it lock by idleness, unlock as billing and
see no medical document. Then the first steps in English, on a French keyboard, at scale 2, with slow
frames, and without GLX. Screenshots go to SHOTS.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import desktop

OWNER, OWNER_PASSWORD = "Claire Aubry", "Agrafe-Lanterne-Cheval-52"
CLERK, CLERK_PASSWORD = "Paul Remy", "Tilleul-Bascule-Orage-83"
PATIENT = "Lefevre"


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
                       pass_fds=ends, timeout=60, stdout=subprocess.DEVNULL)

    call(OWNER, OWNER_PASSWORD, "user", "add", CLERK, "--role", "billing", new="Provisoire-Remy-2026!")
    call(CLERK, "Provisoire-Remy-2026!", "user", "password", new=CLERK_PASSWORD)


def make_vault(program: desktop.Program, name: str):
    program.click("first_start.create")
    program.fill("first_start.practice", "Cabinet des Tilleuls")
    program.fill("first_start.owner", OWNER)
    program.click("first_start.next")
    program.fill("first_start.password", OWNER_PASSWORD)
    program.fill("first_start.again", OWNER_PASSWORD)
    program.shot(f"{name}-mot-de-passe")
    program.click("first_start.next")
    path = program.wait("first_start.path")["text"]
    program.click("first_start.next")
    program.wait("top.person")
    program.shot(f"{name}-ouvert")
    return pathlib.Path(path)


def unlock(program: desktop.Program, user: str, password: str):
    program.wait("unlock.password")
    if program.find("unlock.user")["text"] != user:
        program.click("unlock.user")
        row = program.wait(lambda: next((each for each in program.widgets() if each["text"] == user
                                         and each["id"] != "unlock.user"), None), user)
        program.click(row["id"])
    program.fill("unlock.password", password)
    program.press("Return")
    program.wait("top.person")


def short_path(binary: str, shots: pathlib.Path, name: str, *, layout="us", scale=1, glx=True,
               language="fr", frame_ms=0):
    """Makes a vault and locks it: typing, clicking and drawing all work."""
    with tempfile.TemporaryDirectory(prefix="coffre-e2e-") as place:
        display = desktop.Display(layout, scale, glx)
        program = None
        try:
            program = desktop.Program(binary, display, pathlib.Path(place), shots,
                                      language=language, frame_ms=frame_ms)
            make_vault(program, name)
            program.press("ctrl+l")
            unlock(program, OWNER, OWNER_PASSWORD)
            assert program.end() == 0
        finally:
            if program is not None and program.process.poll() is None:
                program.process.kill()
            display.close()
    print(f"{name}: passed", flush=True)


def main_path(binary: str, coffrectl: str, samples: str, shots: pathlib.Path):
    with tempfile.TemporaryDirectory(prefix="coffre-e2e-") as place:
        folder = pathlib.Path(place)
        documents = folder / "home" / "scans"
        documents.mkdir(parents=True)
        subprocess.run([samples, str(documents), "3"], check=True, timeout=60,
                       stdout=subprocess.DEVNULL)
        files = sorted(documents.iterdir())
        display = desktop.Display("us")
        program = desktop.Program(binary, display, folder, shots)
        try:
            vault = make_vault(program, "principal")
            assert program.end() == 0
            account(coffrectl, folder, vault)
            program = desktop.Program(binary, display, folder, shots, (str(vault),))
            program.shot("deverrouiller")
            unlock(program, OWNER, OWNER_PASSWORD)
            add_patient(program)
            bring_in(program, [str(file) for file in files])
            export_one(program, files[2])
            lock_by_idleness(program)
            unlock(program, CLERK, CLERK_PASSWORD)
            program.wait("rail.dossiers")
            program.shot("facturation")
            for word in ("Médical", *(file.stem for file in files)):
                assert word not in program.texts(), word
            assert program.end() == 0
        finally:
            if program.process.poll() is None:
                program.process.kill()
            display.close()
    print("main path: passed", flush=True)


def add_patient(program: desktop.Program):
    program.press("ctrl+n")
    program.fill("patient.last", PATIENT)
    program.fill("patient.first", "Zoe")
    program.fill("patient.born", "17/09/1991")
    program.click("patient.save")
    program.wait(lambda: PATIENT in program.texts() and program.find("patient.save") is None,
                 "the patient in the list")
    program.shot("patient")


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
    if program.find("import.finish"):
        program.click("import.finish")


def bring_in(program: desktop.Program, files: list[str]):
    program.press("ctrl+o")
    program.wait("browser.cancel")
    program.wait(lambda: (program.find("browser.list") or program.find("browser.list.0")) and
                 program.find("browser.list.0"), "the home folder")
    program.press("Home", "Return")  # the only folder of the home: the scans
    program.wait("browser.list.2")
    program.click("browser.list.0")
    program.click("browser.list.1", control=True)
    program.shot("navigateur")
    program.click("browser.accept")
    file_them(program, "importer")
    program.order("drop", files[2])
    file_them(program, "deposer")
    program.wait("documents.2")
    program.click("documents.0")
    program.shot("document")


def export_one(program: desktop.Program, original: pathlib.Path):
    """The document in hand goes out, byte for byte, to a file of its owner alone."""
    program.press("ctrl+e")
    program.fill("export.recipient", "Dr Martin")
    program.fill("export.reason", "avis")
    program.click("export.place")
    program.click("browser.accept")
    copy = pathlib.Path(program.wait(lambda: next(
        (each["text"] for each in program.widgets() if each["text"].startswith("/")), None),
        "the path of the copy"))
    program.shot("exporter")
    program.click("export.go")
    program.wait(lambda: copy.exists(), f"the copy {copy}")
    assert copy.read_bytes() == original.read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600, oct(copy.stat().st_mode)
    program.wait(lambda: program.find("export.go") is None, "the sheet closed")


def lock_by_idleness(program: desktop.Program):
    """Five minutes pass at once: the notice comes before the lock."""
    program.order("advance", str(275_000))
    program.wait("lock_notice")
    program.shot("preavis")
    program.order("advance", str(30_000))
    program.wait("unlock.password")
    assert PATIENT not in program.texts()
    program.shot("verrouille")


def main() -> int:
    missing = desktop.missing_tools()
    if missing:
        print("skipped: not installed:", *missing)
        return 77
    binary, coffrectl, samples, place = sys.argv[1:]
    shots = pathlib.Path(place)
    shots.mkdir(parents=True, exist_ok=True)
    main_path(binary, coffrectl, samples, shots)
    short_path(binary, shots, "anglais-clavier-francais", layout="fr", language="en")
    short_path(binary, shots, "echelle-2", scale=2)
    short_path(binary, shots, "images-lentes-sans-glx", glx=False, frame_ms=40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
