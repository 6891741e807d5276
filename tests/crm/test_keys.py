"""What makes two entries the same company, and tax numbers."""

from __future__ import annotations

import pytest

from crm import tax_numbers
from crm.keys import Entry, core_of, is_likely, likeness


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Bodenwelt Hamburg GmbH", "BODENWELT  Hamburg", "name"),
        ("Bodenwelt Hamburg GmbH", "Hamburg Bodenwelt G.m.b.H.", "name"),
        ("Bodenwelt Hamburg GmbH", "Bodenwelt Hambrug GmbH", "similar"),
        ("Müller & Söhne AG", "Mueller Soehne", "name"),
        ("Müller Bodenbeläge Hamburg AG", "Muller Bodenbelage Hamburg", "similar"),
        ("Weiß & Söhne", "Weiss Soehne", "name"),
        ("廣州華築裝飾工程有限公司", "广州华筑装饰工程有限公司", "name"),
        ("广州市华筑装饰工程有限公司", "广州华筑装饰工程股份有限公司", "name"),
        ("广州华筑装饰工程有限公司", "Guangzhou Huazhu Zhuangshi Gongcheng Co., Ltd.", "name"),
        ("广州华筑装饰工程有限公司", "广州华著装饰工程有限公司", "sound"),
        ("广州华筑装饰工程有限公司", "广州中筑装饰工程有限公司", "similar"),
        ("Podlogi Sp. z o.o.", "Podłogi", "name"),
        ("Kai GmbH", "Kay GmbH", ""),
        ("Nord Boden GmbH", "Süd Parkett GmbH", ""),
        ("GmbH", "AG", ""),
        ("", "AG", ""),
    ],
)
def test_names_are_compared_without_script_punctuation_and_legal_form(one: str, other: str, expected: str) -> None:
    assert likeness(one, other) == likeness(other, one) == expected
    if expected:
        assert set(Entry(names=(one,)).keys()) & set(Entry(names=(other,)).keys()), "an index finds them"


def test_a_name_of_a_legal_form_alone_keeps_it_and_a_sound_is_only_a_hint() -> None:
    assert core_of("AG") == "ag"
    assert not is_likely(["sound"]) and is_likely(["sound", "phone"])


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("DE 136 695 976", "DE", "DE:136695976"),
        ("de136695976", "", "DE:136695976"),
        ("136695976", "DE", ""),  # without its prefix it may be a number of the tax office
        ("91110108551385082Q", "CN", "CN:91110108551385082Q"),
        ("9111 0108 5513 8508 2q", "DE", "CN:91110108551385082Q"),
        ("ATU13585627", "AT", "AT:U13585627"),
        ("IT00743110157", "", "IT:00743110157"),
        ("PL8567346215", "", "PL:8567346215"),
        ("FR40303265045", "", "FR:40303265045"),
        ("CHE-100.155.212 MWST", "CH", "CH:100155212"),
        ("00501503", "TW", "TW:00501503"),
        ("12-3456789", "US", ""),
        ("", "DE", ""),
    ],
)
def test_a_tax_number_is_told_apart_by_country_and_checked(text: str, country: str, key: str) -> None:
    number = tax_numbers.read(text, country)
    assert number.key == key and not number.is_wrong


@pytest.mark.parametrize("text", ["DE136695978", "91110108551385082R", "ATU13585626", "DE12", "CHE-100.155.213"])
def test_a_wrong_check_digit_is_a_complaint(text: str) -> None:
    assert tax_numbers.complaint(text, "DE")
    assert tax_numbers.read(text, "DE").key == ""


def test_what_cannot_be_checked_is_compared_as_it_stands() -> None:
    assert tax_numbers.compared("12-3456789", "US") == tax_numbers.compared("12 3456789", "US") != ""
    assert tax_numbers.compared("12", "US") == ""
