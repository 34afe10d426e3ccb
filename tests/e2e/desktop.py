"""A real window for tests: Xvfb, coffre_e2e in it, and what a person does to it by xdotool.

Every wait has a limit; everything that was started is ended by its process id.
"""

import json
import os
import pathlib
import shutil
import subprocess
import time

TOOLS = ("Xvfb", "xdotool", "setxkbmap", "import", "xrdb", "xset")
LIMIT_S = 120  # of any one wait: a busy machine takes its time for a password
POLL_S = 0.02
KEYS_DELAY_MS = "4"
SCROLLS_MAX = 5
SCROLL_ABOVE = 60  # the wheel is turned over a place so many pixels above what is not in view


def missing_tools() -> list[str]:
    return [tool for tool in TOOLS if shutil.which(tool) is None]


class Display:
    """An X server of its own, with a keyboard's layout and a scale."""

    def __init__(self, layout: str = "us", scale: int = 1, glx: bool = True):
        read_end, write_end = os.pipe()
        size = "1280x800x24" if scale == 1 else f"{960 * scale}x{600 * scale}x24"
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
        # A key that a busy machine lets go late would be typed twice.
        self.run("xset", "r", "off")
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
        self.rest_log = folder / "widgets.json.rest"
        self.rests = 0
        for left in (self.log, self.rest_log):
            left.unlink(missing_ok=True)
        self.orders = folder / "orders"
        if not self.orders.exists():
            os.mkfifo(self.orders, 0o600)
        home = folder / "home"
        home.mkdir(exist_ok=True)
        environment = display.environment | {
            "HOME": str(home), "LANG": f"{language}_XX.UTF-8",
            # In a sanitized build: graphics drivers are not, and keep what they have to the end.
            "ASAN_OPTIONS": "detect_leaks=0",
            "TSAN_OPTIONS": "ignore_noninstrumented_modules=1",
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

    def find(self, wanted: str) -> dict | None:
        return next((each for each in self.widgets() if each["id"] == wanted), None)

    def find_row(self, text: str, prefix: str) -> dict | None:
        """The row of a list, whose ids begin so, in which this text stands."""
        widgets = self.widgets()
        rows = [each for each in widgets if each["id"].startswith(prefix)]
        for word in (each for each in widgets if each["id"] == "text" and text in each["text"]):
            for row in rows:
                if (row["x0"] <= word["x0"] < row["x1"]
                        and row["y0"] <= (word["y0"] + word["y1"]) / 2 < row["y1"]):
                    return row
        return None

    def texts(self) -> str:
        return "\n".join(each["text"] for each in self.widgets())

    def until(self, wanted, what: str, limit_s: float = LIMIT_S):
        """Waits until a function gives something."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            if found := wanted():
                return found
            assert self.process.poll() is None, f"the program ended: {self.process.returncode}"
            time.sleep(POLL_S)
        self.picture("failed")
        seen = sorted({f'{each["id"]}={each["text"]}' for each in self.widgets()})
        raise AssertionError(f"not seen within {limit_s} s: {what}\n" + "\n".join(seen))

    def wait(self, wanted, what: str = "", limit_s: float = LIMIT_S):
        """Waits for a widget of this id, enabled, or until a function gives something."""
        if callable(wanted):
            return self.until(wanted, what, limit_s)
        return self.until(lambda: (found := self.find(wanted)) and found["enabled"] and found,
                          what or wanted, limit_s)

    def rest(self):
        """Waits until what was typed and clicked is drawn, and nothing moves on the screen."""
        self.rests += 1
        wanted = str(self.rests)
        self.order("rest", wanted)

        def is_there():
            try:
                return self.rest_log.read_text() == wanted
            except FileNotFoundError:
                return False

        self.until(is_there, "the window at rest")

    def settled(self, wanted: str) -> dict:
        """The widget when nothing moves on the screen."""
        self.wait(wanted)
        self.rest()
        return self.wait(wanted)

    def point_at(self, widget: dict) -> list[str]:
        x = round((widget["x0"] + widget["x1"]) / 2)
        y = round((widget["y0"] + widget["y1"]) / 2)
        return ["mousemove", "--window", self.window, str(x), str(y)]

    def reveal(self, wanted: str) -> dict:
        """The widget when it is in view: the wheel is turned over what scrolls."""
        at = self.settled(wanted)
        for _ in range(SCROLLS_MAX):
            if at["visible"]:
                break
            above = at | {"y0": at["y0"] - SCROLL_ABOVE, "y1": at["y0"] - SCROLL_ABOVE}
            self.display.run("xdotool", *self.point_at(above), "click", "5")
            at = self.settled(wanted)
        return at

    def click(self, wanted: str, *, control: bool = False):
        words = self.point_at(self.reveal(wanted))
        held = ["keydown", "ctrl"] if control else []
        freed = ["keyup", "ctrl"] if control else []
        self.display.run("xdotool", *words, *held, "click", "1", *freed)

    def type(self, text: str):
        self.display.run("xdotool", "type", "--delay", KEYS_DELAY_MS, text)

    def press(self, *keys: str):
        self.display.run("xdotool", "key", "--delay", KEYS_DELAY_MS, *keys)

    def fill(self, field: str, text: str):
        self.click(field)
        self.wait(lambda: (found := self.find(field)) and found["focused"],
                  f"the keyboard in {field}")
        self.press("ctrl+a")
        self.type(text)

    def order(self, *fields: str):
        with open(self.orders, "w") as orders:
            orders.write("\t".join(fields) + "\n")

    def shot(self, name: str, area: dict | None = None) -> pathlib.Path:
        """A picture of the window at rest, or of a widget in it."""
        self.rest()
        return self.picture(name, area)

    def picture(self, name: str, area: dict | None = None) -> pathlib.Path:
        path = self.shots / f"{name}.png"
        words = []
        if area is not None:
            width, height = round(area["x1"] - area["x0"]), round(area["y1"] - area["y0"])
            words = ["-crop", f'{width}x{height}+{round(area["x0"])}+{round(area["y0"])}']
        self.display.run("import", "-window", self.window, *words, str(path))
        return path

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
