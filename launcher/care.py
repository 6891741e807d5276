"""Commands for the keeper of an installation: doctor, reset, shell, manage, bench."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

from launcher import pdf, postgres, say
from launcher.environment import Environment
from launcher.home import ROOT, Home, Stamps
from launcher.say import Failure
from launcher.services import borrowed_services, throwaway_services


def command_env(home: Home, environment: Environment, urls: dict[str, str]) -> dict[str, str]:
    """The environment of a command of manage.py, started by hand: it may use the owner's address."""
    env = {**os.environ, **urls}
    env.update(
        PATH=f"{environment.bin}:{env.get('PATH', '/usr/bin:/bin')}",
        KONTOR_VAR=str(home.var),
        KONTOR_EMBEDDED=os.environ.get("KONTOR_EMBEDDED", "true"),
        FONTCONFIG_FILE=str(pdf.write_font_configuration(home, environment)),
        PYTHONUNBUFFERED="1",
    )
    env.update(pdf.ensure_libraries(home, Stamps(home.var / "stamps.json")))
    home.key_file("secret_key")
    home.key_file("seal_key")
    return env


def manage(arguments: list[str]) -> int:
    """Run a command of manage.py against this installation, whether it is running or not."""
    home = Home()
    environment = Environment(home)
    environment.ensure("run")
    with borrowed_services(home, environment) as urls:
        argv = [str(environment.python), str(ROOT / "manage.py"), *arguments]
        # Paths among the arguments are the caller's: the command starts where the caller stands.
        return subprocess.run(argv, env=command_env(home, environment, urls), check=False).returncode


def shell(arguments: list[str]) -> int:
    """Django's shell."""
    return manage(["shell", *arguments])


def doctor(arguments: list[str]) -> int:
    """What the launcher can see from outside, then what the project sees from inside."""
    home = Home()
    environment = Environment(home)
    free = shutil.disk_usage(home.var).free / 2**30
    rows = [
        ("Python", platform.python_version()),
        ("State", f"{home.var} ({free:.1f} GB free)"),
        ("Virtual environment", f"{environment.folder} {'ready' if environment.python.exists() else 'not made yet'}"),
        ("Running", "yes" if home.is_running() else "no"),
        ("PostgreSQL", _servers(environment)),
        (
            "PDF libraries",
            "found" if not pdf.ensure_libraries(home, Stamps(home.var / "stamps.json")) else "see var/pdf-libraries",
        ),
    ]
    for name, value in rows:
        say.line(f"  {name:22} {value}")
    return manage(["doctor", *arguments])


def _servers(environment: Environment) -> str:
    if os.environ.get("DATABASE_URL"):
        return "at DATABASE_URL"
    return ", ".join(f"{found.version} in {found.folder}" for found in postgres.candidates(environment)) or "none found"


def reset(arguments: list[str]) -> int:
    """Remove database, queue, files, keys and logs; backups stay."""
    home = Home()
    if arguments != ["--yes"]:
        raise Failure(
            f"This removes the database, all files and keys in {home.var} (backups stay): ./kontor reset --yes."
        )
    lock = home.lock()
    servers = home.var / "servers"
    if servers.is_symlink():
        shutil.rmtree(servers.resolve(), ignore_errors=True)
    for path in home.var.iterdir():
        if path.name in ("backups", "kontor.lock"):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    os.close(lock)
    say.line(f"  {home.var} is empty but for the backups.")
    return 0


def bench(arguments: list[str]) -> int:
    """The measured workloads, on servers of their own with the settings of a real installation."""
    home = Home()
    environment = Environment(home)
    environment.ensure("run")
    if not (ROOT / "benchmarks/__main__.py").exists():
        raise Failure("There is no benchmark yet: it will be benchmarks/__main__.py.")
    with throwaway_services(environment, durable=True) as services:
        env = command_env(home, environment, services.urls)
        env["KONTOR_VAR"] = str(services.base)
        (Path(services.base) / "secret_key").write_text("of-a-benchmark-" + "k" * 50)
        argv = [str(environment.python), "-m", "benchmarks", *arguments]
        return subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode
