from __future__ import annotations

from pathlib import Path

import pytest

from dalang.errors import ConfigError
from dalang.moderation.verdict import Ground
from dalang.moderation.words import Words, read_words, shipped_words

SHIPPED = shipped_words()

FIT = [
    # Words that hold others
    "A walk through Scunthorpe, Essex and Penistone in the rain",
    "The class assembles for an assessment of classical bass guitars",
    "A cockerel and a shuttlecock on a Sussex lawn, grapes and therapists",
    "An analyst titrates an acrid therapeutic solution under a microscope",
    # Words of two meanings
    "A field of yellow rape in bloom, oilseed rape as far as the eye sees",
    "Naked trees against the sky, seen with the naked eye",
    "Nude lipstick and nude heels on a marble table",
    "Gore-Tex boots; Al Gore gives a speech; a chink of light through the door",
    "Tourists marvel at the cathedral, a spider, a man with a bat",
    "A child and a film crew, video of a school, a torture museum's empty hall",
    "A mouse called Mickey; Donald feeds a duck; a superb super market, Mario cooks",
    "J. R. R. Tolkien reads A B C D E F G to a class, vitamins A, C, D and E",
    "Sexual dimorphism of birds, a documentary on sex education, kill all the lights",
    "",
    "…!?",
    # Chinese words that meet where others would begin
    "红色情人节的街头，黑色情绪，粉色情侣装",
    "一部叫做爱乐之城的电影，叫做爱丽丝的女孩",
    "女性交谈，异性交往，男性交流会",
    "路口交通繁忙，岩石完全裸露在外",
    "老师讲解四肢解剖图，漆黑鬼屋里的灯",
    "一只老鼠在米仓里，钢铁工厂，蜘蛛在网上",
    "强者奸笑：不，强 奸臣",
    # Indonesian
    "Anak-anak berlari telanjang kaki di pantai, terlihat dengan mata telanjang",
    "Pendidikan seks di sekolah, film dokumenter, adegan pasar pagi",
    "Cacing anak, kontolan bukan kata, analisis pornoaksi tidak ada di sini",
    "Seekor tikus, manusia, dan laba-laba di hutan",
]

UNFIT: list[tuple[str, Ground]] = [
    # However it is written
    ("a porn film", "unfit"),
    ("PORN!", "unfit"),
    ("(pornographic)", "unfit"),
    ("child-porn", "unfit"),
    ("porn_video", "unfit"),
    ("pörn", "unfit"),
    ("ｐｏｒｎ", "unfit"),
    ("po\u200brn", "unfit"),
    ("po\u00adrn", "unfit"),
    ("p.o.r.n", "unfit"),
    ("make a p o r n clip", "unfit"),
    ("拍一段porn视频", "unfit"),
    # Phrases, across whatever stands between
    ("a naked   woman", "unfit"),
    ("a naked\nwoman", "unfit"),
    ("a naked, woman", "unfit"),
    ("graphic beheading of a hostage", "unfit"),
    ("kill all Jews", "unfit"),
    ("a naked child on a bed", "unfit"),
    ("Sieg Heil", "unfit"),
    # Chinese
    ("一部色情片", "unfit"),
    ("儿童色情", "unfit"),
    ("兒童色情", "unfit"),
    ("她被强奸了", "unfit"),
    ("她被强.奸了", "unfit"),
    ("她被强*奸了", "unfit"),
    ("血腥屠杀的场面", "unfit"),
    ("支那猪", "unfit"),
    # Indonesian
    ("Adegan seks di kamar", "unfit"),
    ("seorang WANITA TELANJANG", "unfit"),
    ("pornografi anak", "unfit"),
    ("korban dimutilasi", "unfit"),
    # What belongs to somebody
    ("Mickey Mouse dances in the rain", "ip"),
    ("pikachu", "ip"),
    ("Pokémon battle", "ip"),
    ("Spider-Man swings", "ip"),
    ("a McDonald’s restaurant", "ip"),
    ("a Coca-Cola can", "ip"),
    ("皮卡丘在草地上奔跑", "ip"),
    ("哆啦A梦和朋友", "ip"),
    ("哈利·波特走进城堡", "ip"),
    ("Upin & Ipin bermain bola", "ip"),
]


@pytest.mark.parametrize("text", FIT)
def test_the_shipped_lists_let_pass(text: str) -> None:
    assert SHIPPED.check(text) is None


@pytest.mark.parametrize(("text", "ground"), UNFIT)
def test_the_shipped_lists_find(text: str, ground: Ground) -> None:
    found = SHIPPED.check(text)
    assert found
    assert found.ground == ground


def test_what_is_found_is_the_term_as_the_list_has_it() -> None:
    found = Words({"Blue Cheese": "unfit"}).check("all BLUE-CHEESE here")
    assert found
    assert found.text == "Blue Cheese"


@pytest.mark.parametrize("text", ["bluecheese", "blue green cheese", "cheese blue", "blue cheeses", "true blue cheesy"])
def test_a_phrase_is_its_whole_words_in_their_order(text: str) -> None:
    assert Words({"blue cheese": "unfit"}).check(text) is None


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("слово", "Это СЛОВО."),
        ("λόγος", "ὁ λόγος"),
        ("การพนัน", "เล่นการพนันออนไลน์"),
        ("도박", "도박을 하다"),
        ("قمار", "القمار"),
    ],
)
def test_a_list_may_be_in_any_script(term: str, text: str) -> None:
    assert Words({term: "unfit"}).check(text)


def test_a_list_of_nothing_finds_nothing() -> None:
    assert Words({}).check("Mickey Mouse 米老鼠 p.o.r.n") is None


def test_a_short_word_is_not_looked_for_in_letters() -> None:
    assert Words({"bc": "unfit"}).check("A B C D") is None


# Lists from files


def test_a_file_holds_a_term_a_line_comments_and_headings(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(
        "\ufeff# ours\r\nblue cheese  # smells\r\n\r\n[ip]\r\nDalang Puppet\r\n[unfit]\r\n发霉\r\n".encode()
    )
    words = read_words(file)
    assert words.check("Blue cheese").ground == "unfit"  # type: ignore[union-attr]
    assert words.check("the Dalang puppet").ground == "ip"  # type: ignore[union-attr]
    assert words.check("面包发霉了").ground == "unfit"  # type: ignore[union-attr]
    assert words.check("ours, smells, porn") is None, "a file stands in place of the shipped lists"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"fine\n[brands]\n", "line 2: [brands] is none of [unfit], [ip]."),
        (b"fine\n\n--- \n", "line 3: '---' has no letter or digit to look for."),
        (b"fine\nfine\n\xff\xfe\n", "line 3, is not UTF-8."),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as refusal:
        read_words(file)
    assert str(refusal.value).startswith("Setting moderation_words: ")
    assert str(file) in str(refusal.value)
    assert str(refusal.value).endswith(complaint)


@pytest.mark.parametrize("name", ["absent.txt", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="Setting moderation_words: cannot read"):
        read_words(tmp_path / name)
