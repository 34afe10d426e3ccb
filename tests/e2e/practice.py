#!/usr/bin/env python3
"""practice.py BUILD_DIR DIR: makes the vault of an invented practice in DIR, ready to be explored.

DIR/cabinet.coffre holds the patients whom the generated scans speak of, their documents in the right
compartments, and an account for each role. DIR/poste is the workstation's memory that goes with it.
Prints the accounts with their passwords, which are invented too. Exit 0; 1 when a step failed. A
vault that is there already is left as it is.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Name, role, password. The owner is the first.
STAFF = [
    ("Claire Aubry", "owner", "Tilleul-Matin-2026"),
    ("Jules Sy", "practitioner", "Stetho-Bleu-2026"),
    ("Sophie Martin", "secretary", "Accueil-Doux-2026"),
    ("Paul Henry", "billing", "Facture-Nette-2026"),
    ("Rachel Dumas", "privacy-officer", "Journal-Clair-2026"),
    ("Denis Roux", "administrator", "Comptes-Seuls-2026"),
]
PRACTICE = "Cabinet des Tilleuls"
ADMINISTRATIVE = ("Facture", "Courrier CPAM")
PATIENTS = 14
SAMPLES = 240
SAMPLE_NAME = re.compile(r"^\d+ (?P<type>.+?) - (?P<person>.+) - (?P<date>\d{4}-\d\d-\d\d)\.\w+$")


class Coffrectl:
    """One account's calls of the command line."""

    def __init__(self, program, vault, state):
        self.program, self.vault = program, vault
        self.environment = {**os.environ, "LANG": "C.UTF-8", "COFFRE_STATE_DIR": str(state)}
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "COFFRE_USER", "COFFRE_VAULT"):
            self.environment.pop(name, None)

    def call(self, user, password, *words, new_password=None, lines=None):
        """The JSON value of a call, or of each line of a batch; SystemExit when it failed."""
        passwords = [(password, "--password-fd")]
        if new_password is not None:
            passwords.append((new_password, "--new-password-fd"))
        command = [self.program, "--json", "--vault", str(self.vault)]
        if user:
            command += ["--user", user]
        descriptors = []
        for text, option in passwords:
            reading, writing = os.pipe()
            os.write(writing, text.encode() + b"\n")
            os.close(writing)
            descriptors.append(reading)
            command += [option, str(reading)]
        done = subprocess.run([*command, *words], input=lines, text=True, capture_output=True,
                              pass_fds=descriptors, env=self.environment, check=False)
        for descriptor in descriptors:
            os.close(descriptor)
        if done.returncode != 0:
            sys.exit(f"practice.py: {' '.join(words)}: {done.stderr or done.stdout}")
        values = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        return values if lines is not None else (values[-1] if values else None)


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


def make_team(coffrectl):
    owner, _, password = STAFF[0]
    for name, role, own in STAFF[1:]:
        first = "Provisoire-" + own
        coffrectl.call(owner, password, "user", "add", name, "--role", role, new_password=first)
        coffrectl.call(name, first, "user", "password", new_password=own)
    for grant in coffrectl.call(owner, password, "grant", "list"):
        if grant["state"] == "waiting":
            coffrectl.call(owner, password, "grant", "approve", grant["user"], grant["compartment"])


def scans_by_person(folder):
    """The persons with most scans: [(person, [(type, date, path)])]."""
    people = collections.defaultdict(list)
    for path in sorted(folder.iterdir()):
        if match := SAMPLE_NAME.match(path.name):
            people[match["person"]].append((match["type"], match["date"], path))
    return sorted(people.items(), key=lambda item: (-len(item[1]), item[0]))[:PATIENTS]


def fill(coffrectl, samples_program):
    owner, _, password = STAFF[0]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        subprocess.run([samples_program, folder, str(SAMPLES)], check=True)
        people = scans_by_person(folder)
        lines = []
        for number, (person, _) in enumerate(people):
            first, _, last = person.partition(" ")
            born = f"{1938 + number * 37 % 80}-{1 + number * 5 % 12:02}-{1 + number * 11 % 28:02}"
            lines.append(f"patient add --last {quoted(last)} --first {quoted(first)} --born {born}")
        added = coffrectl.call(owner, password, "batch", lines="\n".join(lines) + "\n")
        lines = []
        for (_, scans), patient in zip(people, added):
            for kind, date, path in scans:
                place = "administrative" if kind in ADMINISTRATIVE else "medical"
                lines.append(f"import {quoted(str(path))} --patient {patient['id']} "
                             f"--compartment {place} --type {quoted(kind)} --title {quoted(kind)} "
                             f"--date {date}")
        coffrectl.call(owner, password, "batch", lines="\n".join(lines) + "\n")
        return len(people), len(lines)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build, place = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
    vault = place / "cabinet.coffre"
    if not vault.exists():
        place.mkdir(parents=True, exist_ok=True)
        coffrectl = Coffrectl(build / "app/cli/coffrectl", vault, place / "poste")
        owner, _, password = STAFF[0]
        # The cheapest password cost that the format allows: this vault holds nothing real.
        coffrectl.call(None, password, "init", str(vault), "--owner", owner, "--practice", PRACTICE,
                       "--kdf-memory", "64")
        make_team(coffrectl)
        patients, documents = fill(coffrectl, build / "tests/samples/coffre_samples")
        print(f"{PRACTICE} : {patients} patients, {documents} documents inventés.")
    print(f"Coffre : {vault}")
    width = max(len(name) for name, _, _ in STAFF)
    for name, role, password in STAFF:
        print(f"  {name:<{width}}  {password:<20}  {role}")


if __name__ == "__main__":
    main()
