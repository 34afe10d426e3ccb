"""A real window for tests: Xvfb, coffre_e2e in it, and what a person does to it by xdotool.

Every wait has a limit; everything that was started is ended by its process id.
"""

import json
import os
import pathlib
import shutil
import subprocess
import time

TOOLS = ("Xvfb", "xdotool", "setxkbmap", "import", "xrdb")
LIMIT_S = 30
QUIET_S = 0.3  # longer than any frame


def missing_tools() -> list[str]:
    return [tool for tool in TOOLS if shutil.which(tool) is None]


class Display:
    """An X server of its own, with a keyboard's layout and a scale."""

    def __init__(self, layout: str = "us", scale: int = 1, glx: bool = True):
        read_end, write_end = os.pipe()
        size = "1280x800x24" if scale == 1 else "1920x1200x24"
        words = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-noreset"]
        if not glx:
            words += ["-extension", "GLX"]
        self.process = subprocess.Popen(words, pass_fds=[write_end], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as number:
            self.name = ":" + number.readline().strip()
        self.environment = {"DISPLAY": self.name, "LIBGL_ALWAYS_SOFTWARE": "1",
                            "PATH": os.environ["PATH"]}
        self.run("setxkbmap", layout)
        if scale != 1:
            subprocess.run(["xrdb", "-merge"], input=f"Xft.dpi: {96 * scale}\n".encode(),
                           env=self.environment, check=True, timeout=LIMIT_S)

    def run(self, *words: str) -> str:
        return subprocess.run(words, env=self.environment, check=True, timeout=LIMIT_S,
                              stdout=subprocess.PIPE).stdout.decode()

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=LIMIT_S)


class Program:
    """coffre_e2e on a display, in a home of its own."""

    def __init__(self, binary: str, display: Display, folder: pathlib.Path, shots: pathlib.Path,
                 words: tuple = (), language: str = "fr", frame_ms: int = 0):
        self.display, self.shots, self.log = display, shots, folder / "widgets.json"
        self.log.unlink(missing_ok=True)
        self.orders = folder / "orders"
        if not self.orders.exists():
            os.mkfifo(self.orders, 0o600)
        home = folder / "home"
        home.mkdir(exist_ok=True)
        environment = display.environment | {
            "HOME": str(home), "LANG": f"{language}_XX.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
        self.process = subprocess.Popen(
            [binary, "--widget-log", str(self.log), "--orders", str(self.orders), "--frame-ms",
             str(frame_ms), *words], env=environment)
        self.window = display.run("xdotool", "search", "--sync", "--onlyvisible", "--pid",
                                  str(self.process.pid)).split()[0]
        # Without a window manager nobody else gives the window the keyboard.
        display.run("xdotool", "windowfocus", "--sync", self.window)

    def widgets(self) -> list[dict]:
        try:
            return json.loads(self.log.read_text())["widgets"]
        except FileNotFoundError:
            return []

    def frame(self) -> int:
        return json.loads(self.log.read_text())["frame"]

    def find(self, wanted: str) -> dict | None:
        return next((each for each in self.widgets() if each["id"] == wanted), None)

    def texts(self) -> str:
        return "\n".join(each["text"] for each in self.widgets())

    def wait(self, wanted, what: str = "", limit_s: float = LIMIT_S):
        """Waits for a widget of this id, enabled, or until a function gives something."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            assert self.process.poll() is None, f"the program ended: {self.process.returncode}"
            if callable(wanted):
                found = wanted()
            else:
                found = self.find(wanted)
                found = found if found and found["enabled"] else None
            if found:
                return found
            time.sleep(0.02)
        self.shot("failed")
        seen = sorted({f'{each["id"]}={each["text"]}' for each in self.widgets()})
        raise AssertionError(f"not seen within {limit_s} s: {what or wanted}\n" + "\n".join(seen))

    def settled(self, wanted: str) -> dict:
        """The widget when it has stopped moving: for three frames, or since nothing is drawn."""
        end = time.monotonic() + LIMIT_S
        place, since_frame, frame, since = None, 0, -1, 0.0
        while time.monotonic() < end:
            now = self.wait(wanted)
            drawn = self.frame()
            if drawn != frame:
                frame, since = drawn, time.monotonic()
            if [now[side] for side in ("x0", "y0", "x1", "y1")] != place:
                place = [now[side] for side in ("x0", "y0", "x1", "y1")]
                since_frame = drawn
            elif drawn >= since_frame + 3 or time.monotonic() - since > QUIET_S:
                return now
            time.sleep(0.02)
        raise AssertionError(f"it does not stop moving: {wanted}")

    def click(self, wanted: str, *, control: bool = False):
        at = self.settled(wanted)
        x, y = round((at["x0"] + at["x1"]) / 2), round((at["y0"] + at["y1"]) / 2)
        words = ["mousemove", "--window", self.window, str(x), str(y)]
        held = ["keydown", "ctrl"] if control else []
        freed = ["keyup", "ctrl"] if control else []
        self.display.run("xdotool", *words, *held, "click", "1", *freed)

    def type(self, text: str):
        self.display.run("xdotool", "type", "--delay", "4", text)

    def press(self, *keys: str):
        self.display.run("xdotool", "key", "--delay", "4", *keys)

    def fill(self, field: str, text: str):
        self.click(field)
        self.wait(lambda: self.find(field)["focused"], f"the keyboard in {field}")
        self.press("ctrl+a")
        self.type(text)

    def order(self, *fields: str):
        with open(self.orders, "w") as orders:
            orders.write("\t".join(fields) + "\n")

    def shot(self, name: str):
        self.display.run("import", "-window", self.window, str(self.shots / f"{name}.png"))

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
