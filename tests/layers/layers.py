#!/usr/bin/env python3
"""Checks that includes point one way, and that each library and system call stays in its folder.

The order is that of docs/ARCHITECTURE.md: base <- crypto <- store, journal, erase <- vault <-
intake, render <- app. A folder may include itself and what is listed for it below; a folder that is
not listed here is an error, so that a new one has to be given its place. Reading the text is
enough: the preprocessor is not run, and a commented-out include counts.

Exit 0 when all hold; 1 with one line a violation.
"""

import argparse
import pathlib
import re
import sys

BASE = {"core/base"}
CRYPTO = BASE | {"core/crypto"}
# Siblings do not know each other.
STORE = CRYPTO | {"core/store"}
JOURNAL = CRYPTO | {"core/journal"}
ERASE = CRYPTO | {"core/erase"}
VAULT = STORE | JOURNAL | ERASE | {"core/vault"}
INTAKE = VAULT | {"core/intake"}
RENDER = VAULT | {"core/render"}
CORE = INTAKE | RENDER

MAY_INCLUDE = {
    "core/base": BASE,
    "core/crypto": CRYPTO,
    "core/store": STORE,
    "core/journal": JOURNAL,
    "core/erase": ERASE,
    "core/vault": VAULT,
    "core/intake": INTAKE,
    "core/render": RENDER,
    "app/common": CORE | {"app/common"},
    "app/cli": CORE | {"app/common", "app/cli"},
    "app/desktop": CORE | {"app/common", "app/desktop"},
    # Parses hostile documents: it has no way to a key.
    "app/viewer": BASE | {"app/viewer"},
    # Runs with an administrator's rights: it stands alone.
    "app/erase_helper": {"app/erase_helper"},
}

# Third-party headers and who alone may include them, in core and app. Tests may look anywhere.
ONLY_IN = [
    (re.compile(r"sqlite3(ext)?\.h$"), {"core/store"}, "SQLite belongs to core/store"),
    (re.compile(r"(cryptopp|crypto\+\+)/"), {"core/crypto"}, "Crypto++ belongs to core/crypto"),
    (re.compile(r"argon2\.h$"), {"core/crypto"}, "Argon2 belongs to core/crypto"),
    (re.compile(r"imgui/"), {"app/desktop"}, "Dear ImGui belongs to app/desktop"),
    # What reads documents runs in the viewer's sandbox only; elsewhere pictures are written.
    (re.compile(r"(poppler|tiffio|jpeglib|turbojpeg|webp/|glib)"), {"app/viewer"},
     "documents are parsed in app/viewer"),
    (re.compile(r"png\.h$"), {"app/viewer", "app/cli"}, "documents are parsed in app/viewer"),
    (re.compile(r"seccomp\.h$"), {"app/viewer"}, "the sandbox belongs to app/viewer"),
    # The command line measures the width of its columns with it.
    (re.compile(r"utf8proc\.h$"), {"core/base", "app/cli"}, "utf8proc belongs to core/base"),
    (re.compile(r"systemd/"), {"app/desktop/platform"}, "D-Bus belongs to app/desktop/platform"),
]

# System calls. core/store wraps SQLite's VFS around the Os seam; the desktop program has one folder
# for what the system does for a window.
SYSTEM_CALLS = re.compile(
    r"(unistd|fcntl|dirent|poll|pthread|termios|signal|sched|mntent)\.h$|(sys|linux)/")
SYSTEM_CALLS_IN = {"core/base", "core/store", "app/desktop/platform"}
SYSTEM_CALLS_LOOKED_FOR_IN = {"core", "app/desktop"}

# SQL text anywhere above the store is the store's secret leaking out.
SQL = re.compile(r'"\s*(SELECT|INSERT INTO|INSERT OR|DELETE FROM|UPDATE \w+ SET|CREATE TABLE|PRAGMA)\b')

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = {".h", ".cpp"}


def folder_of(path):
    """core/vault/x.h -> core/vault; the same for what lies deeper."""
    return "/".join(path.split("/")[:2])


def lies_in(path, folders):
    """Whether a file is in one of these folders, at any depth: app/desktop/platform has rules of
    its own within app/desktop."""
    return any(path.startswith(folder + "/") for folder in folders)


def check_include(path, quote, header):
    """What is wrong with one include, or None."""
    top = path.split("/")[0]
    if header.startswith(("core/", "app/", "tests/")):
        if quote != '"':
            return f'our own header {header} is included with <>'
        if top == "tests":
            return None
        if header.startswith("tests/"):
            return f"includes {header}: the program does not know its tests"
        allowed = MAY_INCLUDE.get(folder_of(path))
        if allowed is None:
            return "this folder has no place in tests/layers/layers.py"
        if folder_of(header) not in allowed:
            return f"includes {header}: includes point downward only"
        return None
    if quote == '"' and top == "tests" and "/" not in header:
        return None  # a fixture beside its tests
    if quote == '"' and not header.endswith("_generated.h"):
        return f'"{header}" is not a path from the root; third-party headers are included with <>'
    if top == "tests":
        return None
    for pattern, owners, reason in ONLY_IN:
        if pattern.match(header) and not lies_in(path, owners):
            return f"includes {header}: {reason}"
    if (lies_in(path, SYSTEM_CALLS_LOOKED_FOR_IN) and SYSTEM_CALLS.match(header)
            and not lies_in(path, SYSTEM_CALLS_IN)):
        below = "core/base" if top == "core" else "app/desktop/platform"
        return f"includes {header}: system calls go through {below}"
    return None


def check_text(path, text):
    """All violations of one file, as (line number, message)."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            message = check_include(path, match.group(1), match.group(2))
            if message:
                found.append((number, message))
        elif SQL.search(line) and not path.startswith(("core/store/", "tests/")):
            found.append((number, "SQL belongs to core/store"))
    return found


def sources(root):
    for top in ("core", "app", "tests"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix in SOURCES and file.is_file():
                yield file.relative_to(root).as_posix(), file


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    root = parser.parse_args().root
    count = violations = 0
    for path, file in sources(root):
        count += 1
        for number, message in check_text(path, file.read_text(encoding="utf-8")):
            violations += 1
            print(f"{path}:{number}: {message}")
    if count == 0:
        print(f"no source found under {root}")
        return 1
    print(f"{count} files, {violations} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
