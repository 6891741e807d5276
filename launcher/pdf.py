"""What PDF needs from the system: the Pango libraries and fonts with Chinese characters."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from launcher import apt, say
from launcher.environment import Environment
from launcher.home import Home, Stamps

LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
)
PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
ADVICE = "as root, apt-get install " + " ".join(PACKAGES)


def _loads() -> bool:
    try:
        for name in LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _loads_from(folders: str) -> bool:
    test = f"import ctypes; [ctypes.CDLL(name) for name in {LIBRARIES!r}]"
    env = {**os.environ, "LD_LIBRARY_PATH": folders}
    return subprocess.run([sys.executable, "-c", test], env=env, stderr=subprocess.DEVNULL, check=False).returncode == 0


def library_folders(home: Home) -> str:
    """The folders of libraries that we unpacked ourselves, for the loader's path."""
    root = home.var / "pdf-libraries"
    triplet = f"{platform.machine()}-linux-gnu"
    return f"{root}/usr/lib/{triplet}:{root}/lib/{triplet}:{root}/usr/lib"


def ensure_libraries(home: Home, stamps: Stamps) -> dict[str, str]:
    """Make PDF work, whatever it takes; answers what to add to the environment, KONTOR_PDF=off if nothing helped."""
    if sys.platform != "linux" or _loads():
        return {}
    folders = library_folders(home)
    if (home.var / "pdf-libraries").exists() and _loads_from(folders):
        return {"LD_LIBRARY_PATH": _joined(folders)}
    if stamps.fresh("pdf", "off"):
        say.line(f"  PDF is off: the Pango libraries are missing ({ADVICE}).")
        return {"KONTOR_PDF": "off"}
    with say.step("Fetching the libraries for PDF (once)"):
        if apt.install(PACKAGES, home.setup_log) and _loads_from(""):
            return {}
        if apt.unpack(PACKAGES, home.var / "pdf-libraries", home.setup_log) and _loads_from(folders):
            return {"LD_LIBRARY_PATH": _joined(folders)}
    stamps.mark("pdf", "off")
    say.line(f"  PDF is off: the Pango libraries are missing ({ADVICE}, then remove var/stamps.json).")
    return {"KONTOR_PDF": "off"}


def _joined(folders: str) -> str:
    before = os.environ.get("LD_LIBRARY_PATH")
    return f"{folders}:{before}" if before else folders


def write_font_configuration(home: Home, environment: Environment) -> Path:
    """A fontconfig file of our own: the system's fonts and the Chinese font that came with the Python packages."""
    path = home.var / "fonts.conf"
    font = environment.site_packages / "noto_cjk_sans_otc"
    text = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>{escape(str(font))}</dir>
  <cachedir>{escape(str(home.var / "font-cache"))}</cachedir>
</fontconfig>
"""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
