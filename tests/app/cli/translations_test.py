#!/usr/bin/env python3
"""Every message of core and app has a French translation that fits: none missing, none fuzzy, the
same number of {} in both, and French spacing before ; : ! ? and inside « »."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
NARROW = "\u202f"


def template(target: pathlib.Path) -> None:
    files = sorted(
        str(path.relative_to(ROOT))
        for folder in ("core", "app")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".cpp", ".h")
    )
    subprocess.run(
        ["xgettext", "--files-from=-", "--language=C++", "--from-code=UTF-8", "--keyword",
         "--keyword=N_", "--keyword=tr", f"--output={target}"],
        cwd=ROOT, input="\n".join(files), text=True, check=True)


def entries(catalogue: pathlib.Path):
    text = subprocess.run(["msgcat", "--no-wrap", str(catalogue)], text=True, check=True,
                          capture_output=True).stdout
    for block in text.split("\n\n"):
        message = re.search(r'^msgid "(.+)"$', block, re.M)
        if message:
            yield message[1], re.search(r'^msgstr "(.*)"$', block, re.M)[1], "#, fuzzy" in block


def faults(message: str, french: str, fuzzy: bool):
    if fuzzy:
        yield "fuzzy"
    if message.count("{}") != french.count("{}"):
        yield "not the same number of {}"
    if re.search(rf" [;:!?»]|[^\s{NARROW}][;!?»](?:\s|$)|« ", french):
        yield "a narrow no-break space belongs before ; : ! ? » and after «"
    if "'" in french:
        yield "the apostrophe is ’"
    if message.endswith(".") != french.endswith("."):
        yield "only one of the two ends with a full stop"


def main() -> int:
    if shutil.which("xgettext") is None:
        print("gettext is not installed")
        return 77
    catalogue = ROOT / "assets/po/fr.po"
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder) / "coffre.pot"
        template(pot)
        subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(catalogue)], check=True)
        wrong += subprocess.run(["msgcmp", str(catalogue), str(pot)]).returncode
    for message, french, fuzzy in entries(catalogue):
        for fault in faults(message, french, fuzzy):
            print(f"{message!r} -> {french!r}: {fault}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
