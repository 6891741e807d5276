"""`./kontor test`: every check and every test, on servers made for the occasion."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from launcher import apt, pdf, say
from launcher.environment import Environment
from launcher.home import ROOT, Home, Stamps
from launcher.services import test_services, throwaway_services

TOOLS = (
    (("chromium", "chromium-browser", "google-chrome"), "chromium", "tests in a browser"),
    (("pdftotext",), "poppler-utils", "comparisons of a paper's words"),
)


@dataclass
class Result:
    """How one check ended."""

    name: str
    passed: bool
    seconds: float
    output: str = ""


@dataclass
class Checks:
    """Runs checks one after the other and prints a line for each; two threads may share one."""

    env: dict[str, str]
    results: list[Result] = field(default_factory=list)
    _printing: threading.Lock = field(default_factory=threading.Lock)

    def run(self, name: str, argv: list[str], settings: dict[str, str] | None = None) -> None:
        """Run a program; it passes when it exits with 0."""
        started = time.monotonic()
        done = subprocess.run(
            argv,
            cwd=ROOT,
            env={**self.env, **(settings or {})},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        result = Result(name, done.returncode == 0, time.monotonic() - started, (done.stdout + done.stderr).strip())
        with self._printing:
            self.results.append(result)
            say.line(f"  {'ok    ' if result.passed else 'FAILED'}  {name:26} {result.seconds:6.1f} s")
            if not result.passed:
                say.line("\n".join("          " + row for row in result.output.splitlines()[-60:]))


def _lint(checks: Checks, environment: Environment) -> None:
    """Checks that read files only."""
    program = environment.bin
    checks.run("ruff check", [str(program / "ruff"), "check", "."])
    checks.run("ruff format", [str(program / "ruff"), "format", "--check", "."])
    if any((ROOT / "templates").rglob("*.html")):
        checks.run("djlint", [str(program / "djlint"), "templates", "--lint", "--quiet"])
    checks.run("import-linter", [str(program / "lint-imports"), "--no-cache"])
    checks.run("mypy", [str(program / "mypy")])


def _django(checks: Checks, environment: Environment) -> None:
    """Checks that load the project."""
    manage = [str(environment.python), "manage.py"]
    checks.run("models = migrations", [*manage, "makemigrations", "--check", "--dry-run"])
    checks.run("translations complete", [*manage, "messages", "--check"])
    deployed = {"KONTOR_EMBEDDED": "false", "DEBUG": "false", "KONTOR_ORIGIN": "https://kontor.example"}
    checks.run("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], deployed)


def ensure_tools(home: Home) -> list[str]:
    """Install what some tests need besides Python packages, where we may; answers what to say about the rest."""
    missing = []
    for programs, package, what in TOOLS:
        if any(map(shutil.which, programs)) or (package == "chromium" and os.environ.get("CHROMIUM")):
            continue
        if os.geteuid() == 0 and apt.available():
            with say.step(f"Installing {package} for {what} (once)"):
                apt.install([package], home.setup_log)
        if not any(map(shutil.which, programs)):
            missing.append(f"{what[0].upper()}{what[1:]} will be SKIPPED: as root, apt-get install {package}.")
    return missing


def test_environment(
    environment: Environment, urls: dict[str, str], var: Path, extra: dict[str, str]
) -> dict[str, str]:
    """The environment of checks and tests: nothing of the caller's servers and secrets gets in."""
    foreign = (
        "DATABASE_",
        "REDIS_",
        "EMAIL_",
        "SMS_",
        "SECRET_KEY",
        "KONTOR_",
        "DJANGO_",
        "JOURNAL_",
        "DEBUG",
        "PYTEST_ADDOPTS",
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    env.update(urls)
    env.update(extra)
    env.update(
        PATH=f"{environment.bin}:{env.get('PATH', '/usr/bin:/bin')}",
        KONTOR_VAR=str(var),
        KONTOR_VENV=str(environment.folder),
        KONTOR_EMBEDDED="true",
        KONTOR_TEST_DB="test_kontor",
        PYTHONUNBUFFERED="1",
        PYTHONDONTWRITEBYTECODE="",
    )
    return env


def _with_servers(work: Callable[[Environment, dict[str, str], Home], int], *, durable: bool = False) -> int:
    """Prepare a virtual environment and servers for tests, do the work, stop the servers."""
    home = Home()
    environment = Environment(home)
    environment.ensure("test")
    extra = pdf.ensure_libraries(home, Stamps(home.var / "stamps.json"))
    extra["FONTCONFIG_FILE"] = str(pdf.write_font_configuration(home, environment))
    for note in ensure_tools(home):
        say.line(f"  {note}")
    with (
        throwaway_services(environment, durable=True) if durable else test_services(home, environment) as services,
        tempfile.TemporaryDirectory(prefix="kontor-test-var-") as var,
    ):
        for name in ("secret_key", "seal_key"):
            (Path(var) / name).write_text(f"{name}-of-a-test-run-" + "k" * 50)
        return work(environment, test_environment(environment, services.urls, Path(var), extra), home)


# Files are handed out as tests/support/order.py sorts them, not by the number of their tests.
WHOLE_SUITE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def pytest_argv(environment: Environment, arguments: list[str]) -> list[str]:
    """pytest's command line; the whole suite runs in two processes."""
    return [str(environment.python), "-m", "pytest", *(arguments or WHOLE_SUITE)]


def test(arguments: list[str]) -> int:
    """All checks and tests; with arguments only pytest, with these arguments."""

    def only_pytest(environment: Environment, env: dict[str, str], home: Home) -> int:
        return subprocess.run(pytest_argv(environment, arguments), cwd=ROOT, env=env, check=False).returncode

    return _with_servers(only_pytest if arguments else _everything)


def _everything(environment: Environment, env: dict[str, str], home: Home) -> int:
    say.line("Checks")
    checks = Checks(env)
    for preparation in (["messages", "--compile"], ["build_assets"]):
        subprocess.run([str(environment.python), "manage.py", *preparation], cwd=ROOT, env=env, check=False)
    beside = threading.Thread(target=_lint, args=(checks, environment))
    beside.start()
    _django(checks, environment)
    beside.join()
    failed = [result.name for result in checks.results if not result.passed]
    if failed:
        say.line(f"  {len(failed)} of {len(checks.results)} checks FAILED: {', '.join(failed)}.")
    say.line("Tests")
    code = subprocess.run(pytest_argv(environment, []), cwd=ROOT, env=env, check=False).returncode
    return code or (1 if failed else 0)


def soak(arguments: list[str]) -> int:
    """The long tests, on servers of their own with the settings of a real installation; arguments are pytest's, and --long."""

    def long_tests(environment: Environment, env: dict[str, str], home: Home) -> int:
        folder = "benchmarks/soak"
        where = [] if any(argument.startswith(folder) for argument in arguments) else [folder]
        argv = [str(environment.python), "-m", "pytest", "--timeout", "0", *where, *arguments]
        return subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode

    return _with_servers(long_tests, durable=True)
