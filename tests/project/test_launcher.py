"""What `./kontor` says when it cannot go on: one sentence that tells what to do."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import apt, broker, identity, pdf, postgres
from launcher.address import connection_keywords
from launcher.environment import Environment
from launcher.home import ROOT, Home, Stamps, digest
from launcher.identity import Servant
from launcher.say import Failure
from launcher.serve import require_free


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "var")


def fake_path(folder: Path, *scripts: str) -> str:
    """A PATH with nothing but `dirname` and these shell scripts as python3."""
    folder.mkdir()
    (folder / "dirname").symlink_to(shutil.which("dirname"))
    for script in scripts:
        (folder / "python3").write_text(script)
        (folder / "python3").chmod(0o755)
    return str(folder)


def kontor(path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ROOT / "kontor", "run"], env={"PATH": path}, capture_output=True, text=True, check=False
    )


def test_an_old_python_is_named_with_the_way_out(tmp_path):
    old = '#!/bin/sh\ncase "$2" in *exit*) exit 1;; esac\necho 3.9\n'
    done = kontor(fake_path(tmp_path / "bin", old))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "this machine has only 3.9" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_no_python_at_all_is_said_in_one_sentence(tmp_path):
    done = kontor(fake_path(tmp_path / "bin"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "none was found" in done.stderr


def test_a_busy_port_is_named_with_another_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=rf"Port {port} .*choose another one with ./kontor run --port {port + 1}"):
            require_free("127.0.0.1", port)


def test_without_pango_pdf_is_off_and_the_apt_line_is_shown_again_at_the_next_start(home, monkeypatch, capsys):
    monkeypatch.setattr(pdf, "_loads", lambda: False)
    monkeypatch.setattr(pdf, "_loads_from", lambda folders: False)
    monkeypatch.setattr(apt, "install", lambda packages, log: False)
    monkeypatch.setattr(apt, "unpack", lambda packages, target, log: False)
    for _start in range(2):
        assert pdf.ensure_libraries(home, Stamps(home.var / "stamps.json")) == {"KONTOR_PDF": "off"}
        assert (
            "PDF is off: the Pango libraries are missing (as root, apt-get install libpango" in capsys.readouterr().out
        )


def test_libraries_unpacked_without_root_reach_the_loader(home, monkeypatch):
    monkeypatch.setattr(pdf, "_loads", lambda: False)
    monkeypatch.setattr(pdf, "_loads_from", lambda folders: "pdf-libraries" in folders)
    monkeypatch.setattr(apt, "install", lambda packages, log: False)
    monkeypatch.setattr(apt, "unpack", lambda packages, target, log: bool(target.mkdir()) or True)
    added = pdf.ensure_libraries(home, Stamps(home.var / "stamps.json"))
    assert added["LD_LIBRARY_PATH"].startswith(str(home.var / "pdf-libraries"))


def test_a_machine_without_postgresql_is_told_the_apt_line(home, monkeypatch):
    monkeypatch.setattr(postgres, "candidates", lambda environment: [])
    with pytest.raises(Failure, match="apt-get install postgresql; or set DATABASE_URL"):
        postgres.choose(Environment(home))


def test_data_of_a_version_that_is_gone_are_not_touched(home, monkeypatch):
    data = home.var / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Failure, match="written by PostgreSQL 14, which is no longer here"):
        postgres.choose(Environment(home), data)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_machine_without_redis_is_told_the_apt_line(home, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("KONTOR_VENV", str(home.var / "empty"))
    with pytest.raises(Failure, match="apt-get install redis-server; or set REDIS_URL"):
        broker.choose(Environment(home), Servant(), home.var)


def test_root_that_cannot_become_another_user_is_told_to_be_an_ordinary_one(monkeypatch):
    def missing(_uid: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(identity.pwd, "getpwuid", missing)
    with pytest.raises(Failure, match="start Kontor as an ordinary user"):
        identity.servant()


def test_one_state_folder_serves_one_launcher(home):
    held = home.lock()
    with pytest.raises(Failure, match=rf"already runs from .*process {os.getpid()}"):
        Home(home.var).lock()
    assert home.is_running()
    os.close(held)
    assert not home.is_running()


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="set KONTOR_VAR to a folder that can"):
        Home(tmp_path / "file" / "var")


def test_an_unknown_command_lists_the_known_ones():
    done = subprocess.run(
        [sys.executable, ROOT / "launcher/__main__.py", "fly"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "./kontor run" in done.stdout
    assert "there is no command 'fly'" in done.stderr


def test_a_step_is_repeated_exactly_when_its_inputs_changed(home):
    file = home.var / "input"
    file.write_text("one")
    stamps = Stamps(home.var / "stamps.json")
    stamps.mark("step", digest([file]))
    assert Stamps(home.var / "stamps.json").fresh("step", digest([file]))
    file.write_text("two")
    assert not Stamps(home.var / "stamps.json").fresh("step", digest([file]))


def test_addresses_of_databases_name_hosts_or_folders_of_sockets():
    assert connection_keywords("postgres://kontor_app:s%20ecret@db.example:5433/kontor") == {
        "host": "db.example",
        "port": "5433",
        "user": "kontor_app",
        "password": "s ecret",
        "dbname": "kontor",
    }
    assert connection_keywords("postgres://a:b@//var/run/x/kontor")["host"] == "/var/run/x"


def test_secrets_are_written_for_their_owner_alone(home):
    assert (home.key_file("secret_key").stat().st_mode & 0o777) == 0o600
    assert home.key_file("secret_key").read_text() == home.key_file("secret_key").read_text()
