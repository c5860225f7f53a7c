"""What the letter fonts can print, and what would be an empty box on paper."""

import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from babel import Locale
from django.conf import settings
from fontTools.ttLib import TTFont

from cases import languages, printable

SAMPLES = {
    "en": "“Don’t be late” – I said… £5, 20 °C, naïve café, ½ § 3 №",
    "fr": "« Ce n’est pas un crime » : œuvre, Île, Noël, ça, où, ÿ, €",
    "es": "¿Señor Director? ¡Atención! Año, niño, pingüino, 1.º",
    "ar": "وتفضلوا بقبول فائق الاحترام، مُحَمَّدٌ؛ أليس كذلك؟ ١٢٣ ﷲ",
    "zh": "尊敬的王江局长：请释放「哈萨克族」作家，《权利》……——（一百〇八）㙍𬭎",
    "ru": "Прошу Вас: объём дела неизвестен, «признание» получено под пытками. Ёж",
    "kk": "Құрметті директор мырза! Ұлттық мәдениет, ғылым, һәм өнер. Іңір, үміт. ₸",
    "vi": "Nguyễn Văn Đài bị kết án mười lăm năm tù; Đường Ỷ Ỵ ₫",
    "el": "Αξιότιμε κύριε Υπουργέ, γράφω για την ελευθερία. Ϊΰ; «Ώρα» ά·",
    "fa": "می\u200cخواهم نامه\u200cای بنویسم، آقای وزیر؛ پژوهش گچ ۱۲۳۴۵۶۷۸۹۰",
    "ur": "محترم وزیر صاحب، مَیں آپ کو لکھ رہا ہوں۔ ٹھیک ہے، بڑے ڑ ں ھ ۓ",
    "ug": "ھۆرمەتلىك ۋەزىر، مەن سىزگە يېزىۋاتىمەن. ئۇيغۇر تىلى ې ۈ ڭ",
    "tr": "Sayın Bakan, şiddet ve iğneler: ĞÜŞİÖÇ ğüşıöç ₺",
    "de": "Sehr geehrte Frau Präsidentin, „Straße“ ‚Größe‘ ẞ",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_letter_in_a_language_of_ours_can_be_printed(language: str) -> None:
    text = SAMPLES[language]

    assert printable.missing(text) == []
    assert printable.missing(unicodedata.normalize("NFC", text)) == []
    assert printable.missing(unicodedata.normalize("NFD", text)) == []


@pytest.mark.parametrize("language", languages.TAGS)
def test_every_language_of_ours_can_name_all_countries_and_months(language: str) -> None:
    locale = Locale.parse(language)
    words = [locale.display_name, *locale.territories.values(), *locale.months["format"]["wide"].values()]

    assert len(words) > 100
    assert printable.missing("\n".join(words)) == []


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Free her 🙂!", "🙂"),
        ("กขค", "กขค"),
        ("नमस्ते", "नमस\u094dत\u0947"),
        ("שלום", "שלום"),
        ("ひらがな カタカナ", "ひらがなカタナ"),
        ("한국 사람", "한국사람"),
        ("ქართული", "ქართული"),
        ("\ue000\u0378", "\ue000\u0378"),  # private and unassigned
        ("x\u20e3", "\u20e3"),
    ],
)
def test_a_sign_of_another_script_is_reported(text: str, signs: str) -> None:
    assert printable.missing(text) == list(signs)


def test_each_sign_is_reported_once_and_in_order() -> None:
    assert printable.missing("b🙂a ก 🙂 ก c 🎈") == ["🙂", "ก", "🎈"]
    assert printable.missing("") == []


def test_what_leaves_no_ink_is_never_reported() -> None:
    spaces = " \t\n\r\n\u00a0\u2003\u2009\u202f\u3000\u2028\u2029"
    joiners_and_directions = "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060"
    variations = "\ufe00\ufe0e\ufe0f\U000e0100"
    taken_out_before_printing = "\x00\x07\u202a\u202e\u2066\ufeff\ud800\U000e0041"

    assert printable.missing(spaces + joiners_and_directions + variations + taken_out_before_printing) == []


def test_a_joined_emoji_is_reported_by_its_visible_parts() -> None:
    assert printable.missing("👩\u200d👧 \u2764\ufe0f") == ["👩", "👧", "\u2764"]


def test_a_mark_is_reported_only_if_no_font_has_it() -> None:
    assert printable.missing("e\u0301 E\u0301 й и\u0306 u\u0308\u0304") == []
    assert printable.missing("e\u1abe") == ["\u1abe"]


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("🙂", "🙂 (SLIGHTLY SMILING FACE)"),
        ("ก", "ก (THAI CHARACTER KO KAI)"),
        ("\u094d", "◌\u094d (DEVANAGARI SIGN VIRAMA)"),
        ("\ue000", "\ue000 (U+E000)"),
    ],
)
def test_a_message_names_the_sign(sign: str, name: str) -> None:
    assert printable.named(sign) == name


def test_fonts_are_read_once_and_quickly() -> None:
    printable._not_in_the_fonts.cache_clear()
    started = time.perf_counter()
    printable.missing("a")
    first = time.perf_counter() - started

    letter = "Nagyz 哈萨克 Қазақ " * 1000
    started = time.perf_counter()
    printable.missing(letter)
    later = time.perf_counter() - started

    assert first < 1
    assert later / len(letter) < 5e-6


def test_fonts_are_not_read_before_somebody_asks() -> None:
    script = "import sys, django; django.setup(); import cases.printable; print('fontTools' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"


def test_a_server_without_the_fonts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(printable, "FONTS", tmp_path)
    printable._not_in_the_fonts.cache_clear()

    with pytest.raises(FileNotFoundError, match="No letter fonts"):
        printable.missing("a")


# --- One list of signs for all fonts is right because of this ---------------------------------------------------------


def signs_of(font: str) -> set[int]:
    return set(TTFont(printable.FONTS / f"UALetter{font}.woff2").getBestCmap())


@pytest.mark.parametrize("family", ["Serif", "Arabic"])
def test_bold_has_every_sign_that_regular_has(family: str) -> None:
    assert signs_of(f"{family}-Regular") ^ signs_of(f"{family}-Bold") == set()


def test_the_styles_ask_for_every_sign_that_only_the_chinese_font_has() -> None:
    styles = (Path(settings.BASE_DIR) / "static" / "css" / "letter.css").read_text(encoding="utf-8")
    declared = re.search(r"unicode-range: ([^;]+);", styles)
    assert declared
    ends = [part.strip().removeprefix("U+").split("-") for part in declared[1].split(",")]
    asked_for = {sign for end in ends for sign in range(int(end[0], 16), int(end[-1], 16) + 1)}
    only_chinese = signs_of("Chinese-Regular") - signs_of("Serif-Regular") - signs_of("Arabic-Regular")

    assert len(only_chinese) > 10_000
    assert only_chinese - asked_for == set()
