"""Chinese is read as the library reads it, with a dictionary that is kept small."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pypinyin
import pytest

from foundation.ui.pinyin import Beginnings, read_characters, read_phrases, syllables, words

FILE = Path(pypinyin.__file__).with_name("phrases_dict.json")
CHARACTERS = FILE.with_name("pinyin_dict.json")
# In a process of its own, where the dictionary is ours; the words include some whose reading depends on the phrase.
SAYS = """
import json, sys
from foundation.ui.pinyin import syllables, words
texts = json.load(sys.stdin)
print(json.dumps([[syllables(text), words(text)] for text in texts]))
from pypinyin import constants, phrases_dict, pinyin_dict
assert constants.PHRASES_DICT is phrases_dict.phrases_dict and phrases_dict.__spec__ is None, "the library loaded its own"
assert constants.PINYIN_DICT is pinyin_dict.pinyin_dict and pinyin_dict.__spec__ is None, "the library loaded its own"
"""
TEXTS = [
    "锦绣",
    "东方贸易有限公司",
    "重庆",
    "重要",
    "银行",
    "行走",
    "音乐",
    "快乐",
    "妈妈",
    "长沙长大",
    "SPC地板 12",
    "",
    "𠀀",
]


def test_the_phrases_are_those_of_the_library_and_equal_syllables_are_one() -> None:
    text = FILE.read_text("utf-8")
    found, theirs = read_phrases(text), json.loads(text)
    assert dict(found) == theirs and len(found) == len(theirs)
    assert "一丁" not in found and "" not in found and found.get("一丁") is None
    one, other = found["一丁不识"][0], found["一丁点儿"][0]
    assert one == ["yī"] and one is other


def test_the_beginnings_are_those_of_the_phrases_and_what_was_added() -> None:
    beginnings = Beginnings(read_phrases(FILE.read_text("utf-8")))
    assert all(text in beginnings for text in ("一", "一丁", "一丁不识"))
    assert "一丁不识字" not in beginnings and "x" not in beginnings
    beginnings.add("x")
    assert "x" in beginnings


def test_the_characters_are_those_of_the_library() -> None:
    text = CHARACTERS.read_text("utf-8")
    found = read_characters(text)
    assert dict(found) == {int(point): readings for point, readings in json.loads(text).items()}
    assert len(found) == len(json.loads(text))
    for missing in (-1, 0, ord("a"), 0x10FFFF):
        assert missing not in found and found.get(missing) is None


def test_a_phrase_needs_a_reading_for_each_of_its_characters() -> None:
    with pytest.raises(ValueError, match="一二"):
        read_phrases('{"一二": [["yī"]]}')


@pytest.mark.parametrize("text", ["{}", " { } ", '{"一": [["yī"]]}', '\n{\n"一" :\n[["yī"]] ,\n"二":[["èr"]]\n}\n'])
def test_blanks_are_no_part_of_the_phrases(text: str) -> None:
    assert read_phrases(text) == json.loads(text)


def test_a_broken_file_is_an_error_and_not_half_a_dictionary() -> None:
    for text in ('{"一": [["yī"]]', '{"一" [["yī"]', '{"一": oops}', ""):
        with pytest.raises((ValueError, IndexError)):
            read_phrases(text)


def test_our_dictionary_reads_as_the_librarys_own() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", SAYS], input=json.dumps(TEXTS), capture_output=True, text=True, check=True
    )
    from pypinyin.seg.mmseg import seg

    assert json.loads(asked.stdout) == [[pypinyin.lazy_pinyin(text), list(seg.cut(text))] for text in TEXTS]
    assert [syllables(text) for text in TEXTS] == [pypinyin.lazy_pinyin(text) for text in TEXTS]
    assert words("重庆银行") == ["重庆", "银行"]
