"""`./kontor run`: from a bare machine to a page in the browser."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from launcher import pdf, say
from launcher.environment import Environment
from launcher.home import ROOT, Home, Stamps, digest, source_files, write_private
from launcher.processes import Process, Supervisor
from launcher.say import Failure
from launcher.services import Services, private_services


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="./kontor run", description="Bring everything up and keep it up.")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="of the web server (8000)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all")
    parser.add_argument("--no-demo", action="store_true", help="start without the demo company")
    return parser.parse_args(arguments)


def require_free(host: str, port: int) -> None:
    """Stop with one sentence when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Failure(f"Port {port} needs root: choose another one with --port, for example 8000.") from None
        except OSError as error:
            raise Failure(
                f"Port {port} on {host} cannot be used ({error.strerror or error}): "
                f"stop what listens there, or choose another one with ./kontor run --port {port + 1}."
            ) from None


def free_port(wanted: int) -> int:
    """The wanted port, or any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Failure("This machine has no free port on 127.0.0.1.")


class Site:
    """One start of Kontor: its settings and the steps that make it ready."""

    def __init__(self, home: Home, environment: Environment, options: argparse.Namespace) -> None:
        self.home, self.environment, self.options = home, environment, options
        self.stamps = Stamps(home.var / "stamps.json")
        self.origin = os.environ.get("KONTOR_ORIGIN") or f"http://127.0.0.1:{options.port}"
        self.sink_port = free_port(int(os.environ.get("KONTOR_SINK_PORT", "8025")))
        self.smtp_port = free_port(1025)

    def base_env(self) -> dict[str, str]:
        """What every process of ours gets; the owner's address is not among it."""
        env = {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"}
        env.update(
            PATH=f"{self.environment.bin}:{env.get('PATH', '/usr/bin:/bin')}",
            KONTOR_VAR=str(self.home.var),
            KONTOR_ORIGIN=self.origin,
            KONTOR_EMBEDDED=os.environ.get("KONTOR_EMBEDDED", "true"),
            KONTOR_BIND=f"{self.options.host}:{self.options.port}",
            PYTHONUNBUFFERED="1",
        )
        env.setdefault("EMAIL_URL", f"smtp://127.0.0.1:{self.smtp_port}")
        if not env.get("SMS_URL") and not env.get("SMS_URL_FILE"):
            env["SMS_LOCAL"] = "true"  # our own sink; a gateway of the operator's must say so itself
        env.setdefault("SMS_URL", f"http://127.0.0.1:{self.sink_port}/sms")
        self.home.key_file("secret_key")
        self.home.key_file("seal_key")
        return env

    def manage(self, env: dict[str, str], *arguments: str) -> None:
        """Run a command of manage.py; its output goes to the log, which is shown when it fails."""
        log = self.home.setup_log
        with log.open("ab") as out:
            out.write(f"$ manage.py {' '.join(arguments)}\n".encode())
            out.flush()
            argv = [str(self.environment.python), "manage.py", *arguments]
            done = subprocess.run(
                argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
            )
        if done.returncode != 0:
            raise Failure(f"`manage.py {arguments[0]}` failed: see the lines above and {log}.", log=log)

    def _step(self, name: str, text: str, inputs: str, env: dict[str, str], *arguments: str) -> bool:
        if self.stamps.fresh(name, inputs):
            return False
        with say.step(text):
            self.manage(env, *arguments)
        self.stamps.mark(name, inputs)
        return True

    def prepare(self, env: dict[str, str], owner: dict[str, str]) -> None:
        """Database, texts and static files; each step is left out while its inputs are what they were."""
        lock = ROOT / "requirements/base.txt"
        code = source_files(".py", ".json", ".csv", ".gz")
        migrations = [path for path in code if path.parent.name == "migrations" or path.name == "grants.py"]
        database = (
            env["DATABASE_URL"].rsplit("@", 1)[-1]
            if not env["DATABASE_URL"].startswith("postgres://kontor_app")
            else ""
        )
        self._step("migrate", "Creating and updating tables", digest([*migrations, lock], database), owner, "migrate")
        texts = [*(ROOT / "locale").rglob("*.po")]
        self._step("messages", "Compiling the translations", digest(texts), env, "messages", "--compile")
        if has_command("load_defaults"):
            self._step("defaults", "Loading defaults", digest([*code, *texts], database), env, "load_defaults")
        if has_command("build_assets"):
            self._step("assets", "Building the assets", digest([*code, *_assets("static")]), env, "build_assets")
        self._step("static", "Collecting static files", digest([lock, *_assets()]), env, "collectstatic", "--noinput")

    def load_demo(self, env: dict[str, str]) -> None:
        """The demo company, once per database. Kontor is of use without it, so a failure is shown and no more."""
        if self.options.no_demo or not has_command("load_demo"):
            return
        try:
            self._step("demo", "Loading the demo company (once; a minute or so)", "1", env, "load_demo")
        except Failure as failure:
            say.complain(failure)

    def logins(self, env: dict[str, str]) -> str:
        """The demo company's logins, one per role."""
        kept = self.home.var / "demo-logins.txt"
        if not has_command("demo_logins") or not self.stamps.fresh("demo", "1"):
            return ""
        inputs = digest(source_files("demo_logins.py", "roles.py"), "logins")
        if not (kept.exists() and self.stamps.fresh("logins", inputs)):
            argv = [str(self.environment.python), "manage.py", "demo_logins"]
            done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return ""
            write_private(kept, done.stdout)
            self.stamps.mark("logins", inputs)
        return kept.read_text().rstrip()


def _assets(*folders: str) -> list[Path]:
    return [path for folder in folders or ("static", "static-build") for path in (ROOT / folder).rglob("*")]


def has_command(name: str) -> bool:
    """Whether some app brings this management command."""
    return any(path.parent.name == "commands" and path.stem == name for path in source_files(".py"))


def start_processes(site: Site, env: dict[str, str], services: Services, supervisor: Supervisor) -> Process:
    """Start ours in the order of need, listed in the order of stopping; answers the web server."""
    program, log = site.environment.bin, site.home.log
    python = str(site.environment.python)
    sinks = None
    if not (os.environ.get("EMAIL_URL") and os.environ.get("SMS_URL")):
        argv = [python, "-m", "launcher.sinks", "--smtp", str(site.smtp_port), "--page", str(site.sink_port)]
        argv += ["--folder", str(site.home.var / "sink")]
        sinks = Process("sinks", argv, env, log / "sinks.log", patience=5)
        sinks.start()
    web = supervisor.add(
        Process(
            "web", [python, "-m", "gunicorn", "-c", "config/gunicorn_conf.py", "config.wsgi"], env, log / "web.log", 35
        )
    )
    wait_for_web(site, web)
    celery = [str(program / "celery"), "-A", "config", "--quiet"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    supervisor.add(Process("beat", beat, env, log / "beat.log", patience=10))
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    supervisor.add(Process("worker", worker, env, log / "worker.log", patience=60))
    if sinks:
        supervisor.processes.append(sinks)
    return web


def wait_for_web(site: Site, web: Process) -> None:
    """Until the web server answers; its own sign-in page is asked for, so that the first visitor finds it warm."""
    host = "127.0.0.1" if site.options.host in ("0.0.0.0", "::", "") else site.options.host
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not web.alive():
            break
        try:
            connection = http.client.HTTPConnection(host, site.options.port, timeout=20)
            connection.request("GET", "/account/login/", headers={"Host": urlsplit(site.origin).netloc})
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    raise Failure("The web server did not start: see the lines above.", log=site.home.log / "web.log")


def announce(site: Site, services: Services, logins: str, seconds: float) -> None:
    """Where to go, whom to be, and what is running."""
    say.line()
    say.line(f"  Kontor is ready after {seconds:.1f} s:   {site.origin}")
    if not os.environ.get("EMAIL_URL") or not os.environ.get("SMS_URL"):
        say.line(f"  Mails and text messages it sent:   http://127.0.0.1:{site.sink_port}")
    say.line(f"  Servers: {', '.join(services.described)}; state and logs in {site.home.var}")
    if logins:
        say.line("  Sign in as:")
        for row in logins.splitlines():
            say.line("    " + "".join(f"{cell:<34}" if "@" in cell else f"{cell:<16}" for cell in row.split("\t")))
    elif site.options.no_demo:
        say.line("  No demo company: make the first administrator with ./kontor manage createsuperuser")
    say.line("  Ctrl-C stops everything.")
    say.line()


def run(arguments: list[str]) -> int:
    """Bring everything up; answers when everything has stopped again."""
    options = parse(arguments)
    started = time.monotonic()
    require_free(options.host, options.port)
    home = Home()
    lock = home.lock()
    environment = Environment(home)
    environment.ensure("run")
    site = Site(home, environment, options)
    supervisor = Supervisor()
    services = private_services(home, environment)
    try:
        env = site.base_env()
        env.update(pdf.ensure_libraries(home, site.stamps))
        env["FONTCONFIG_FILE"] = str(pdf.write_font_configuration(home, environment))
        with say.step("Starting PostgreSQL and Redis"):
            services.start_database()
            services.start_broker()
        owner = {**env, **services.urls}
        env.update({key: value for key, value in services.urls.items() if key != "DATABASE_OWNER_URL"})
        site.prepare(env, owner)
        site.load_demo(env)
        logins = site.logins(env)
        supervisor.listen()
        with say.step("Starting web server, worker and clock"):
            start_processes(site, env, services, supervisor)
        shared = ("EMAIL_URL", "SMS_URL", "KONTOR_ORIGIN")
        write_private(home.var / "running.json", json.dumps({**services.urls, **{key: env[key] for key in shared}}))
        announce(site, services, logins, time.monotonic() - started)
        supervisor.watch(services.revive)
    finally:
        (home.var / "running.json").unlink(missing_ok=True)
        supervisor.stop()
        services.stop()
        os.close(lock)
    say.line("kontor | everything has stopped")
    return 0
