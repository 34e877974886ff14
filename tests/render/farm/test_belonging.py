"""Who belongs to a farm, where it is, when a computer is lent; without the engine."""

from __future__ import annotations

import importlib.util
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_crl

from cli import main, make_console
from courseware.errors import InputError, StorageError
from render.farm.address import find_place
from render.farm.lending.hours import parse_hours
from render.farm.office.opening import farm_hands
from render.farm.passport import call_back, issue, load_passport, make_farm, office_passport
from render.farm.revoking import revoked_list
from render.work.workshop import Workshop


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "keys"))
    (tmp_path / "store").mkdir()


def test_a_workers_file_is_signed_by_the_farm_and_only_for_its_owner_to_read(tmp_path: Path) -> None:
    office, target = make_farm("office-pc", str(tmp_path / "store")), tmp_path / "worker.farm"
    issue(office, "wang", target)
    worker = load_passport(target)
    assert (worker.name, worker.scheduler, worker.store) == ("wang", "tls://office-pc:8786", office.store)
    assert (office.is_office, worker.is_office) == (True, False)
    assert worker.authority == office.certificate
    authority = load_pem_x509_certificate(office.authority.encode())
    load_pem_x509_certificate(worker.certificate.encode()).verify_directly_issued_by(authority)
    assert worker.private != office.private
    if os.name != "nt":
        for path in (target, office_passport(), office_passport().with_name("authority.key")):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "authority.key" not in target.read_text(encoding="utf-8")


def test_a_computer_whose_clock_is_a_day_behind_still_belongs(tmp_path: Path) -> None:
    office = make_farm("office-pc", str(tmp_path / "store"))
    for pem in (office.authority, office.certificate):
        found = load_pem_x509_certificate(pem.encode())
        assert found.not_valid_before_utc < datetime.now(UTC) - timedelta(days=2)
        assert found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=3000)


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    office = make_farm("office-pc", str(tmp_path / "store"))
    with pytest.raises(StorageError, match="is there already"):
        make_farm("office-pc", str(tmp_path / "store"))
    issue(office, "wang", tmp_path / "worker.farm")
    with pytest.raises(StorageError, match="is there already"):
        issue(office, "li", tmp_path / "worker.farm")


def test_who_was_called_back_is_on_a_list_that_the_farm_signed_and_who_is_unknown_is_named(tmp_path: Path) -> None:
    office = make_farm("office-pc", str(tmp_path / "store"))
    authority, folder = load_pem_x509_certificate(office.authority.encode()), office_passport().parent
    for number, name in enumerate(("wang", "wang", "li")):
        issue(office, name, tmp_path / f"{number}.farm")
    with pytest.raises(InputError, match="no file was issued under this name; there are: li, wang"):
        call_back(office, "zhang")
    assert revoked_list(folder, authority) is None
    assert (call_back(office, "wang"), call_back(office, "li")) == (2, 1)
    path = revoked_list(folder, authority)
    assert path is not None
    passports = [load_passport(tmp_path / f"{number}.farm") for number in range(3)]
    serials = {load_pem_x509_certificate(one.certificate.encode()).serial_number for one in passports}
    assert {one.serial_number for one in load_pem_x509_crl(path.read_bytes())} == serials


def test_the_list_of_another_farm_does_not_concern_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "others"))
    other = make_farm("other-pc", str(tmp_path / "store"))
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "keys"))
    office = make_farm("office-pc", str(tmp_path / "store"))
    issue(office, "wang", tmp_path / "worker.farm")
    call_back(office, "wang")
    assert revoked_list(office_passport().parent, load_pem_x509_certificate(other.authority.encode())) is None


def test_a_worker_s_file_has_no_lessons_made(tmp_path: Path, workshop: Workshop) -> None:
    issue(make_farm("office-pc", str(tmp_path / "store")), "wang", tmp_path / "worker.farm")
    place = find_place(str(tmp_path / "worker.farm"), "--on")
    with (
        pytest.raises(InputError, match="takes the office's own"),
        farm_hands(place, workshop, make_console("en"), 1),
    ):
        pass


def test_a_bucket_s_keys_travel_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("render.farm.shared.objects.Objects.found", lambda _: None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "office")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "quiet")
    issue(make_farm("office-pc", "s3://farm/pieces", "http://office-pc:9000"), "wang", tmp_path / "worker.farm")
    objects = load_passport(tmp_path / "worker.farm").objects
    assert objects.access == {"endpoint_url": "http://office-pc:9000", "key": "office", "secret": "quiet"}


def test_without_tls_a_farm_is_on_this_computer_alone(tmp_path: Path) -> None:
    assert find_place("tcp://127.0.0.1:8786", "--on").passport is None
    with pytest.raises(InputError, match="this computer alone"):
        find_place("tcp://office-pc:8786", "--on")
    with pytest.raises(InputError, match="farm key"):
        find_place("tls://office-pc:8786", "--on")
    with pytest.raises(InputError, match="write it like"):
        find_place("http://office-pc:8786", "--on")
    with pytest.raises(InputError, match="farm key"):
        find_place(str(tmp_path / "no.farm"), "FARM")
    office = make_farm("office-pc", str(tmp_path / "store"))
    assert find_place("tls://192.0.2.7:8786", "--on").passport == office
    assert find_place(str(office_passport()), "FARM").address == "tls://office-pc:8786"


@pytest.mark.parametrize(
    ("given", "now", "hours_left"),
    [
        ("18:00-07:00", "2026-11-24T23:00", 0),
        ("18:00-07:00", "2026-11-25T06:59", 0),
        ("18:00-07:00", "2026-11-25T07:00", 11),
        ("8:00–12:00", "2026-11-25T13:00", 19),
        ("08：00-12：00", "2026-11-25T08:00", 0),
    ],
)
def test_a_computer_is_lent_in_its_hours_alone(given: str, now: str, hours_left: int) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    hours = parse_hours(given)
    assert hours.until_start(moment) == timedelta(hours=hours_left)
    assert hours.include(moment) == (hours_left == 0)


@pytest.mark.parametrize("given", ["18-7", "18:00", "25:00-07:00", "18:00-18:00", "evening"])
def test_hours_that_are_none_get_an_example(given: str) -> None:
    with pytest.raises(InputError, match="18:00-07:00"):
        parse_hours(given)


@pytest.mark.parametrize(
    "command",
    [
        ["farm", "start", "--alone", "--store", "pieces"],
        ["worker", "tcp://127.0.0.1:8786"],
    ],
)
def test_without_the_extra_it_is_said_what_to_install(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec

    def missing(name: str, *given: Any) -> Any:
        return None if name == "distributed" else find(name, *given)

    monkeypatch.setattr(importlib.util, "find_spec", missing)
    said = CliRunner().invoke(main, ["--lang", "en", *command])
    assert said.exit_code == 1
    assert 'pip install "yuanjiao[farm]"' in said.output
