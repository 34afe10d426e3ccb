"""Whole programs beside their peers: alternating pairs in one run, medians of ratios.

Two traps are kept away from: memory and caches are warm before the first pair, and ext4 is slow for
a while after a deletion, so every pair has fresh names and all goes at the end.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import desktop_bench

PASSWORD = "Aa1!owner-owner-owner"
PAIRS = int(os.environ.get("COFFRE_BENCH_PAIRS", "3"))
SCALE = float(os.environ.get("COFFRE_BENCH_SCALE", "1"))
MIB = 1 << 20


def timed(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def fixed_bytes(count, seed):
    """Bytes that do not compress, the same in every run."""
    import random
    return random.Random(seed).randbytes(count)


def write_file(path, size, seed):
    """In small blocks: a child's peak memory would start from this process's own."""
    with open(path, "wb") as out:
        for at in range(0, size, MIB):
            out.write(fixed_bytes(min(MIB, size - at), seed * 100_000 + at // MIB))


class Bench:
    def __init__(self, build, directory):
        self.build = pathlib.Path(build).resolve()
        self.directory = pathlib.Path(directory).resolve()
        self.tools = self.build / "tests" / "bench"
        self.names = 0

    def fresh(self, name):
        self.names += 1
        made = self.directory / f"{name}-{self.names}"
        made.mkdir()
        return made

    def report(self, name, ours, peer, unit="s"):
        ratios = [a / b for a, b in zip(ours, peer)]
        print(f"{name}: ratio {statistics.median(ratios):.2f} "
              f"(ours {statistics.median(ours):.3f} {unit}, peer {statistics.median(peer):.3f} "
              f"{unit}; ratios {' '.join(f'{ratio:.2f}' for ratio in ratios)})", flush=True)

    # ---- the program

    def call(self, vault, *arguments, output=None):
        read, write = os.pipe()
        os.write(write, PASSWORD.encode() + b"\n")
        os.close(write)
        environment = dict(os.environ, XDG_STATE_HOME=str(vault.parent / "state"),
                           COFFRE_VAULT=str(vault), COFFRE_USER="marie", LANGUAGE="C")
        command = [str(self.build / "app/cli/coffrectl"), "--password-fd", str(read), *arguments]
        with open(os.devnull, "wb") as nothing:
            done = subprocess.Popen(command, env=environment, pass_fds=[read],
                                    stdout=output or nothing)
            os.close(read)
            _, status, used = os.wait4(done.pid, 0)
        done.returncode = os.waitstatus_to_exitcode(status)
        if done.returncode != 0:
            sys.exit(f"coffrectl {' '.join(arguments[:3])} ended with {done.returncode}")
        return used

    def call_json(self, vault, *arguments):
        with tempfile.TemporaryFile() as output:
            self.call(vault, "--json", *arguments, output=output)
            output.seek(0)
            return json.load(output)

    def vault(self, kdf_mib="64"):
        vault = self.fresh("vault") / "bench.coffre"
        self.call(vault, "init", str(vault), "--owner", "marie", "--kdf-memory", kdf_mib, "--kdf-passes", "3")
        self.call(vault, "patient", "add", "--last", "Dupont", "--first", "Jeanne", "--born",
                  "1970-01-02")
        found = self.call_json(vault, "patient", "list")
        patients = found if isinstance(found, list) else found["patients"]
        return vault, patients[0]["id"]

    def store(self, vault, patient, source):
        return self.call(vault, "import", str(source), "--patient", patient, "--compartment",
                         "medical")

    # ---- peers

    def copy(self, source):
        target = self.fresh("copy")
        subprocess.run(["cp", "-r", str(source), str(target)], check=True)
        subprocess.run(["sync", "-f", str(target)], check=True)

    def mount(self):
        base = self.fresh("gocryptfs")
        (base / "cipher").mkdir()
        (base / "plain").mkdir()
        secret = base / "secret"
        secret.write_text(PASSWORD)
        subprocess.run(["gocryptfs", "-q", "-init", "-scryptn", "10", "-passfile", str(secret),
                        str(base / "cipher")], check=True)
        subprocess.run(["gocryptfs", "-q", "-passfile", str(secret), str(base / "cipher"),
                        str(base / "plain")], check=True)
        return base

    def unmount(self, base):
        subprocess.run(["fusermount3", "-u", str(base / "plain")], check=True)

    def copy_through(self, base, source):
        subprocess.run(["cp", "-r", str(source), str(base / "plain")], check=True)
        subprocess.run(["sync", "-f", str(base / "cipher")], check=True)

    def files(self, count, size):
        source = self.fresh("source")
        for number in range(count):
            write_file(source / f"scan-{number:05}.pdf", size, number)
        subprocess.run(["sync", "-f", str(source)], check=True)
        return source

    # ---- sections

    def idle_call(self, vault):
        """What the program costs without work: start, password hash, unlock, one entry."""
        return statistics.median(timed(lambda: self.call(vault, "list")) for _ in range(3))

    def store_beside_copy(self, title, source, through_gocryptfs):
        ours, rest, peers, fuse = [], [], [], []
        for _ in range(PAIRS):
            vault, patient = self.vault()
            idle = self.idle_call(vault)
            ours.append(timed(lambda: self.store(vault, patient, source)))
            rest.append(ours[-1] - idle)
            peers.append(timed(lambda: self.copy(source)))
            if through_gocryptfs:
                base = self.mount()
                fuse.append(timed(lambda: self.copy_through(base, source)))
                self.unmount(base)
        self.report(f"{title}, whole process, against cp and sync", ours, peers)
        self.report(f"{title}, start and unlock left out, against cp and sync", rest, peers)
        if fuse:
            self.report(f"gocryptfs, {title}, against cp and sync", fuse, peers)
        return vault

    def small(self):
        count = int(5000 * SCALE)
        source = self.files(count, 200_000)
        self.store_beside_copy(f"store {count} files of 200 KB", source, True)

    def large(self):
        source = self.files(1, int(1024 * SCALE) * MIB)
        self.store_beside_copy("store one file of 1 GiB", source, False)

    def read(self):
        source = self.files(1, int(1024 * SCALE) * MIB)
        vault, patient = self.vault()
        self.store(vault, patient, source)
        listed = self.call_json(vault, "list")
        documents = listed if isinstance(listed, list) else listed["documents"]
        base = self.mount()
        self.copy_through(base, source)
        inside = next((base / "plain").glob("source*/*"))
        export = lambda: self.call(vault, "export", documents[0]["id"], "--to", "-", "--reason",
                                   "bench")
        cat = lambda: subprocess.run(["cat", str(inside)], stdout=subprocess.DEVNULL,
                                     check=True)
        export()
        cat()
        ours, rest, peers = [], [], []
        idle = self.idle_call(vault)
        for _ in range(PAIRS):
            ours.append(timed(export))
            rest.append(ours[-1] - idle)
            # What the kernel keeps of the plain files would be read without any decryption.
            self.unmount(base)
            subprocess.run(["gocryptfs", "-q", "-passfile", str(base / "secret"),
                            str(base / "cipher"), str(base / "plain")], check=True)
            peers.append(timed(cat))
        self.unmount(base)
        self.report("read 1 GiB from the page cache, whole process, against gocryptfs", ours, peers)
        self.report("the same, start and unlock left out", rest, peers)

    def tool(self, name, *arguments):
        done = subprocess.run([str(self.tools / name), *map(str, arguments)], check=True,
                              stdout=subprocess.PIPE, text=True)
        return done.stdout

    def rounds(self, directory, rounds, documents):
        """Medians of the phases over `rounds` rounds on one vault."""
        lines = [json.loads(line) for line in
                 self.tool("coffre_bench_times", directory, rounds, documents).splitlines()]
        return {key: statistics.median(line[key] for line in lines) for key in lines[0]}

    def list(self):
        for count in (int(100_000 * SCALE), int(1_000_000 * SCALE)):
            directory = self.fresh("many")
            print(self.tool("coffre_bench_vault", directory, 0, count), end="")
            self.rounds(directory, 1, 0)
            print(f"list of {count} documents: {json.dumps(self.rounds(directory, PAIRS, 0))}",
                  flush=True)

    def another(self):
        few, many = self.fresh("few"), self.fresh("many")
        self.tool("coffre_bench_vault", few, 0, 1000)
        self.tool("coffre_bench_vault", many, int(1_000_000 * SCALE), 1000)
        large, small = [], []
        for _ in range(PAIRS):
            small.append(self.rounds(few, 1, 50)["one_more_ms"])
            large.append(self.rounds(many, 1, 50)["one_more_ms"])
        self.report("one more document of 200 KB, beside 1,000,000 and beside 1,000 records", large,
                    small, "ms")

    def peak(self):
        size = int(5120 * SCALE) * MIB
        source = self.fresh("source")
        write_file(source / "large.bin", size, 0)
        vault, patient = self.vault("256")
        idle = self.call(vault, "list").ru_maxrss
        stored = self.store(vault, patient, source).ru_maxrss
        listed = self.call_json(vault, "list")
        documents = listed if isinstance(listed, list) else listed["documents"]
        given = self.call(vault, "export", documents[0]["id"], "--to", "-", "--reason",
                          "bench").ru_maxrss
        print(f"peak memory, Argon2id taking 256 MiB of it while it runs: unlock alone "
              f"{idle // 1024} MiB, import of {size // MIB} MiB {stored // 1024} MiB, export "
              f"{given // 1024} MiB", flush=True)

    def erase_beside_shred(self, title, count, size):
        ours, peers = [], []
        for _ in range(PAIRS):
            # At rest, as documents are: files() has synced them.
            source, other = self.files(count, size), self.files(count, size)
            names = sorted(map(str, other.iterdir()))
            ours.append(timed(lambda: self.tool("coffre_bench_erase", source)))
            peers.append(timed(lambda: subprocess.run(["shred", "-n1", "-u", *names], check=True)))
            if any(source.iterdir()):
                sys.exit(f"not all of {source} was erased")
        self.report(f"erase {title}, read-back included, against shred -n1 -u", ours, peers)

    def erase(self):
        count = int(5000 * SCALE)
        self.erase_beside_shred(f"{count} files of 200 KB", count, 200_000)
        size = int(1024 * SCALE)
        self.erase_beside_shred(f"one file of {size} MiB", 1, size * MIB)

    def memory(self):
        subprocess.run([str(self.tools / "coffre_bench"), f"--benchmark_repetitions={PAIRS}",
                        "--benchmark_enable_random_interleaving=true",
                        "--benchmark_report_aggregates_only=true"], check=True)

    def settings(self):
        print(self.tool("coffre_bench_journal_modes", self.directory), end="")


    def pages(self):
        desktop_bench.pages(self, PAIRS)

    def window(self):
        desktop_bench.window(self, PAIRS, SCALE, PASSWORD)


SECTIONS = ("memory", "settings", "small", "large", "read", "another", "list", "peak", "erase",
            "pages", "window")


def main():
    build, wanted = sys.argv[1], sys.argv[2:] or SECTIONS
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        sys.exit(f"no such section: {unknown[0]} (there are {' '.join(SECTIONS)})")
    parent = os.environ.get("COFFRE_BENCH_DIR", build)
    directory = tempfile.mkdtemp(prefix="coffre-bench-", dir=parent)
    try:
        bench = Bench(build, directory)
        for name in wanted:
            print(f"== {name}", flush=True)
            getattr(bench, name)()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
