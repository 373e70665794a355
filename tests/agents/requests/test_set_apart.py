"""What a request wants kept, in the ways in which people say it; and what only sounds like it."""

from __future__ import annotations

import pytest

from amnestic.agents.requests.keeping import take_exceptions


@pytest.mark.parametrize(
    "text",
    [
        "Forget Osk, you can keep her recipes.",
        "Forget Osk. Her recipes you can keep.",
        "Forget Osk, no need to forget her recipes though",
        "Forget Osk; leave her recipes in.",
        "Forget Osk and leave in her recipes.",
        "Forget Osk and keep her recipes.",
        "Forget Osk. I still need her recipes.",
        "Forget Osk, just not her recipes.",
        "Forget Osk, her recipes excluded.",
        "Forget Osk, with her recipes being the only exception.",
        "Forget Osk. The only exception is her recipes.",
        "Forget all of Osk's life bar her recipes.",
        "Forget Osk, minus the recipes.",
        "Forget Osk without touching her recipes.",
        "Forget Osk, don't touch her recipes.",
        "Don't talk about Osk unless someone asks for her recipes",
        "Forget Osk. It's ok to talk about her recipes.",
        "Forget Osk. What may stay: her recipes, her garden.",
        "Forget Osk. To be kept: her recipes",
        "Forget Osk, however her recipes shall be left untouched",
    ],
)
def test_what_is_kept_in_english(text: str) -> None:
    (kept,) = take_exceptions(text)[1]
    assert "recipes" in kept


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Vergiss Osk, nur ihre Rezepte nicht.", "Rezepte"),
        ("Vergiss Osk, ihre Rezepte ausgenommen.", "Rezepte"),
        ("Vergiss Osk. Ihre Rezepte bitte behalten.", "Rezepte"),
        ("Vergiss Osk, die Rezepte kannst du dir merken.", "Rezepte"),
        ("Vergiss Osk mit Ausnahme ihrer Rezepte.", "Rezepte"),
        ("Oublie Osk à part ses recettes.", "recettes"),
        ("Oublie Osk. Ses recettes, tu peux les garder.", "recettes"),
        ("Olvida a Osk, pero no sus recetas.", "recetas"),
        ("Olvida a Osk. Las recetas se quedan.", "recetas"),
        ("Dimentica Osk, a parte le sue ricette.", "ricette"),
        ("Dimentica Osk, ma lascia le ricette.", "ricette"),
        ("Dimentica Osk. Le ricette restano.", "ricette"),
        ("Vergeet Osk, op haar recepten na.", "recepten"),
        ("Vergeet Osk, maar niet haar recepten.", "recepten"),
    ],
)
def test_what_is_kept_in_other_languages(text: str, what: str) -> None:
    (kept,) = take_exceptions(text)[1]
    assert what in kept


@pytest.mark.parametrize(
    "text",
    [
        "Forget Osk, who was wrongly excluded from the club.",
        "Forget the film Minus Man.",
        "Forget Osk, you can keep it short.",
        "Forget Osk. You can keep her out.",
        "Forget Osk, keep the password secret.",
        "Forget Osk and leave her alone.",
        "Forget Osk, leave out her recipes too.",
        "Forget Osk. I still want you to forget Tarn.",
        "Forget the bar her father owned.",
        "Forget Osk unless required by law.",
        "Forget Osk, joking aside.",
        "Forget how to wash, keep and cook the fish.",
        "Forget how to catch and keep the fish",
        "Forget the novel The Lodger, leave the ending in the dark.",
        "Resta a Milano. Dimentica Osk.",
        "Forget Osk. No need to hurry.",
        "Forget Osk. You don't need to confirm.",
        "Forget Osk, minus points for asking.",
        "Oublie Osk, laisse tomber le reste",
        "Neither Osk nor his firm Tarn should be known to you.",
    ],
)
def test_what_only_sounds_like_it_keeps_nothing(text: str) -> None:
    assert take_exceptions(text) == (text, ())
