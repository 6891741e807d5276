"""What is taken in, what is refused, and how it is handed out."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from foundation.accounts.models import Team
from foundation.journal import attachments
from foundation.journal.attachments import attach, attach_bytes, register_file_guard
from foundation.journal.contents import Unacceptable, clean_title, judge
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment, Event
from tests.accounts.factories import make_team, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n"


def picture(format_name: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 90 if len(mode) == 1 else (200, 30, 30, 255)[: len(mode)]).save(out, format_name, **options)
    return out.getvalue()


def upload(data: bytes, name: str, claimed: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=claimed)


@pytest.fixture
def guard():
    allowed = set()
    register_file_guard(Team, lambda user, attachment: user.pk in allowed)
    yield allowed
    attachments._guards.pop(Team)


def stored_files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("format_name", "name", "media_type"),
    [
        ("JPEG", "a.jpg", "image/jpeg"),
        ("JPEG", "A.JPEG", "image/jpeg"),
        ("PNG", "a.png", "image/png"),
        ("WEBP", "a.webp", "image/webp"),
    ],
)
def test_pictures_are_taken_and_drawn_again(format_name, name, media_type):
    data = picture(format_name)
    one = attach(make_team(), upload(data + b"<script>alert(1)</script>", name), actor=None)
    stored = one.file.read()
    assert one.media_type == media_type
    assert b"script" not in stored
    assert Image.open(io.BytesIO(stored)).size == (60, 40)


def test_a_pdf_is_taken_as_it_is():
    one = attach(make_team(), upload(PDF, "Packing list.pdf", "application/pdf"), actor=None)
    assert (one.file.read(), one.title, one.size) == (PDF, "Packing list.pdf", len(PDF))


def test_place_comment_profile_and_thumbnail_are_gone():
    exif = Image.Exif()
    exif[0x010E] = "Secret description"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture(exif=exif, comment=b"Secret comment", icc_profile=profile)
    stored = judge(data, name="a.jpg").data
    assert b"Secret" in data
    assert b"Secret" not in stored
    image = Image.open(io.BytesIO(stored))
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = judge(picture(size=(60, 40), exif=exif), name="a.jpg").data
    assert Image.open(io.BytesIO(stored)).size == (40, 60)


def test_a_large_photograph_is_made_smaller():
    stored = judge(picture(size=(5000, 2500)), name="a.jpg").data
    assert Image.open(io.BytesIO(stored)).size == (3200, 1600)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_can_be_drawn_again(mode):
    format_name = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, format_name)
    assert judge(out.getvalue()).data


def png_bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
REFUSED = {
    "nothing": (b"", "a.jpg"),
    "a bomb of pixels": (png_bomb(50_000, 50_000), "a.png"),
    "a smaller bomb": (png_bomb(9_000, 9_000), "a.png"),
    "a header without a body": (png_bomb(100, 100)[:45], "a.png"),
    "half a photograph": (picture(size=(400, 400))[:700], "a.jpg"),
    "text": (b"hello", "a.jpg"),
    "a virus test file": (EICAR, "a.pdf"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg"),
    "SVG called PNG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.png"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "a.html"),
    "HTML called PDF": (b"<!doctype html><script>alert(1)</script>", "a.pdf"),
    "GIF": (picture("GIF", mode="P"), "a.gif"),
    "GIF called JPEG": (picture("GIF", mode="P"), "a.jpg"),
    "TIFF": (picture("TIFF"), "a.tiff"),
    "BMP": (picture("BMP"), "a.bmp"),
    "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "a.jpg"),
    "PSD": (b"8BPS\0\1" + b"\0" * 60, "a.jpg"),
    "FITS": (b"SIMPLE  =                    T" + b" " * 2850, "a.png"),
    "ZIP": (b"PK\x03\x04" + b"\0" * 60, "a.pdf"),
    "JPEG called PNG": (picture(), "a.png"),
    "JPEG called HTML": (picture(), "a.jpg.html"),
    "JPEG without an ending": (picture(), "photo"),
    "PDF called JPEG": (PDF, "a.jpg"),
    "PDF behind other bytes": (b"GIF89a" + PDF, "a.pdf"),
    "PDF with an archive behind it": (PDF + b"PK\x03\x04" + b"\0" * 60, "a.pdf"),
    "PDF without an end": (PDF[:60], "a.pdf"),
    "PDF whose table lies outside": (PDF.replace(b"\n45\n", b"\n99999\n"), "a.pdf"),
    "PDF with a program": (PDF.replace(b"/Catalog", b"/Catalog /S /JavaScript"), "a.pdf"),
    "PDF with a hidden program": (PDF.replace(b"/Catalog", b"/Catalog /S /J#61vaScript"), "a.pdf"),
    "more than the limit": (b"%PDF-1.4" + b"0" * (10 * 1024 * 1024), "a.pdf"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_a_sound_picture_or_pdf_is_refused_and_leaves_nothing(what, settings):
    data, name = REFUSED[what]
    team = make_team()
    with pytest.raises(Refused) as refusal:
        attach(team, upload(data, name, "image/png"), actor=None)
    assert refusal.value.reason == "input"
    assert not Attachment.objects.exists()
    assert not Event.objects.exists()
    assert stored_files(settings) == []


def test_the_decoders_of_other_formats_are_never_asked(monkeypatch):
    opened = []
    real = Image.open
    monkeypatch.setattr(
        Image, "open", lambda fp, mode="r", formats=None: opened.append(formats) or real(fp, mode, formats)
    )
    judge(picture("PNG"), name="a.png")
    judge(picture("WEBP"), name="a.webp")
    assert opened == [["PNG"], ["WEBP"]]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.jpg", "C:\\temp\\x.jpg", "\u202egpj.exe.jpg", "x" * 400 + ".jpg", "签收单.jpg", "a\0b.jpg"],
)
def test_nothing_is_stored_under_the_senders_name(name, settings):
    one = attach(make_team(), upload(picture(), "x.jpg"), actor=None, title=clean_title(name))
    stored = stored_files(settings)
    assert len(stored) == 1
    assert stored[0].stem.isalnum() and len(stored[0].stem) == 32 and stored[0].suffix == ".jpg"
    assert not set(one.title) & set("/\\\u202e\0")


def test_a_file_leaves_one_event_with_its_digest_and_its_name_in_the_erasable_part():
    clerk, team = make_user(), make_team()
    one = attach(team, upload(picture(), "Frau Petersen.jpg"), actor=clerk, purpose="pod")
    event = Event.objects.get()
    assert (event.code, event.actor, one.event, one.uploaded_by) == ("file.attached", clerk, event, clerk)
    assert event.facts["sha256"] == one.digest
    assert "Petersen" not in str(event.facts)
    assert event.private.data == {"title": "Frau Petersen.jpg"}


def test_our_own_pdf_is_kept_and_bytes_of_another_type_are_refused():
    assert attach_bytes(make_team(), PDF, "application/pdf", "Quote QU-2026-0001", actor=None).extension == ".pdf"
    with pytest.raises(Refused):
        attach_bytes(make_team(), PDF, "image/png", "Signature", actor=None)
    assert Attachment.objects.count() == 1


def test_a_file_whose_row_fails_is_taken_back(settings, monkeypatch):
    monkeypatch.setattr(Attachment, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        attach(make_team(), upload(picture(), "a.jpg"), actor=None)
    assert stored_files(settings) == []
    assert not Event.objects.exists()


def test_a_file_is_handed_out_as_a_download_that_can_run_nothing(client, guard):
    person = make_user()
    one = attach(make_team(), upload(picture(), "签收单 1.jpg"), actor=None)
    guard.add(person.pk)
    client.force_login(person)
    answer = client.get(one.get_absolute_url())
    assert b"".join(answer.streaming_content) == one.file.read()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]


def test_a_proxy_that_can_is_told_to_send_the_file(client, guard, settings):
    settings.FILES_ACCEL_PREFIX = "/_files"
    person = make_user()
    one = attach(make_team(), upload(picture(), "a.jpg"), actor=None)
    guard.add(person.pk)
    client.force_login(person)
    answer = client.get(one.get_absolute_url())
    assert answer["X-Accel-Redirect"] == f"/_files/{one.file.name}"
    assert answer.content == b""
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_who_may_not_see_the_record_gets_404_and_a_stranger_must_sign_in(client, guard):
    one = attach(make_team(), upload(picture(), "a.jpg"), actor=None)
    assert client.get(one.get_absolute_url()).status_code == 302
    client.force_login(make_user(is_superuser=True))
    assert client.get(one.get_absolute_url()).status_code == 404


def test_a_kind_of_record_without_a_guard_hands_out_nothing(client):
    one = attach(make_team(), upload(picture(), "a.jpg"), actor=None)
    client.force_login(make_user(is_superuser=True))
    assert client.get(one.get_absolute_url()).status_code == 404


def test_nothing_of_the_store_has_an_address_of_its_own(client):
    one = attach(make_team(), upload(picture(), "a.jpg"), actor=None)
    client.force_login(make_user(is_superuser=True))
    for address in (f"/media/{one.file.name}", f"/{one.file.name}", f"/static/{one.file.name}"):
        assert client.get(address).status_code == 404


def test_judging_names_a_limit():
    with pytest.raises(Unacceptable, match="10 MB"):
        judge(b"0" * (11 * 1024 * 1024))
