"""The desktop program as somebody meets it: start, pages of a document, a long list, idleness.

Used by compare.py (sections pages and window). The window is a real one, under Xvfb with software
OpenGL (llvmpipe): a machine with a graphics card has an easier time.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import desktop  # noqa: E402

LINES = 60
IDLE_S = 20
SCROLL_S = 4


def dense_pdf(path, pages):
    """Pages full of text in a font that every system has."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number in range(pages):
        text = b"".join(b"(Page %d, ligne %d : le patient dit aller mieux, et revient lundi.) Tj T*\n"
                        % (number + 1, line) for line in range(LINES))
        drawing = b"BT /F1 10 Tf 12 TL 40 800 Td\n" + text + b"ET"
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(drawing), drawing))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(kids))
    out, places = [b"%PDF-1.4\n"], []
    at = len(out[0])
    for number, body in enumerate(objects, 1):
        places.append(at)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(out[-1])
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.extend(b"%010d 00000 n \n" % place for place in places)
    out.append(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
               % (len(objects) + 1, at))
    pathlib.Path(path).write_bytes(b"".join(out))


def used_s(process):
    """Seconds of processor that a process has used."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pages(bench, pairs):
    """Beside pdftoppm, which draws the same page in a process of its own, without walls."""
    path = bench.fresh("pages") / "dense.pdf"
    dense_pdf(path, 300)
    width, ours, peers, next_ms, slowest = 1240, [], [], [], []
    for _ in range(pairs):
        line = json.loads(bench.tool("coffre_bench_pages", path, width, 40))
        ours.append(line["first_ms"])
        next_ms.append(line["next_ms"])
        slowest.append(line["slowest_ms"])
        begin = time.monotonic()
        subprocess.run(["pdftoppm", "-f", "1", "-l", "1", "-scale-to-x", str(width),
                        "-scale-to-y", "-1", str(path), str(path.parent / "peer")], check=True)
        peers.append((time.monotonic() - begin) * 1000)
    bench.report("first page of a PDF of 300, against pdftoppm of that page", ours, peers, "ms")
    print(f"next page, drawn when asked for: median {statistics.median(next_ms):.1f} ms, slowest "
          f"of 39 {statistics.median(slowest):.1f} ms", flush=True)


def ready(bench, folder, count):
    """A vault of so many patients that this home's workstation has made."""
    made = bench.fresh("patients")
    bench.tool("coffre_bench_vault", made, count, 0)
    memory = folder / "home" / ".local" / "state"
    memory.mkdir(parents=True)
    (made / "state").rename(memory / "coffre")
    return made / "bench.coffre"


def started(bench, display, folder, vault):
    return desktop.Program(str(bench.build / "tests/e2e/coffre_e2e"), display, folder, folder,
                           words=(str(vault),))


def start_times(bench, display, folder, vault, rounds):
    """Until the first frame with the unlock screen: seen in the log, for xdotool looks up rarely."""
    times, log = [], folder / "start.json"
    for _ in range(rounds):
        log.unlink(missing_ok=True)
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(bench.build / "tests/e2e/coffre_e2e"), "--widget-log", str(log), str(vault)],
            env=display.environment | {"HOME": str(folder / "home"), "LANG": "fr_FR.UTF-8"})
        while not log.exists() or "unlock.password" not in log.read_text():
            if process.poll() is not None or time.monotonic() - begin > desktop.LIMIT_S:
                sys.exit("the program did not come to its unlock screen")
            time.sleep(0.001)
        times.append((time.monotonic() - begin) * 1000)
        process.terminate()
        process.wait(timeout=desktop.LIMIT_S)
    return times


def frame(program):
    """The number of the frame that was drawn last."""
    return json.loads(program.log.read_text())["frame"]


def scroll(program):
    """Frames a second while the wheel turns over the list, 200 notches a second."""
    program.click("patients.0")
    wheel = subprocess.Popen(["xdotool", "click", "--repeat", str(200 * (SCROLL_S + 2)), "--delay",
                              "5", "5"], env=program.display.environment)
    time.sleep(0.5)
    first, begin = frame(program), time.monotonic()
    time.sleep(SCROLL_S)
    frames, passed = frame(program) - first, time.monotonic() - begin
    wheel.terminate()
    wheel.wait()
    return frames / passed


def idle(program):
    time.sleep(3)  # what was moving has come to rest
    before, begin = used_s(program.process.pid), time.monotonic()
    time.sleep(IDLE_S)
    return (used_s(program.process.pid) - before) / (time.monotonic() - begin) * 100


def window(bench, pairs, scale, password):
    missing = desktop.missing_tools()
    if missing:
        print("window: skipped, not installed:", *missing)
        return
    folder = bench.fresh("window")
    count = int(100_000 * scale)
    vault = ready(bench, folder, count)
    display = desktop.Display("us")
    try:
        times = start_times(bench, display, folder, vault, max(pairs, 3))
        print(f"from the start to the unlock screen: median {statistics.median(times):.0f} ms "
              f"({' '.join(f'{each:.0f}' for each in times)}), the fork included", flush=True)
        program = started(bench, display, folder, vault)
        program.fill("unlock.password", password)
        program.press("Return")
        program.wait("patients.0", "the list of patients", 120)
        print(f"list of {count} patients, the wheel turning: {scroll(program):.0f} frames a second, the "
              f"test's log of each included", flush=True)
        print(f"idle, unlocked, before that list: {idle(program):.2f} % of a core over {IDLE_S} s",
              flush=True)
        program.end()
    finally:
        display.close()
