"""Exceptions whose word stands behind them or around them: "her recipes excluded", "op haar naam
na", "nur ihre Rezepte nicht"."""

from __future__ import annotations

import re

__all__ = ["set_apart"]

_I = re.IGNORECASE
_ITS = (  # what is kept has an article or says whose it is: not ", wrongly excluded"
    r"(?:the|my|our|his|her|its|their|any|all|d(?:er|ie|as|en)|unser\w*|mein\w*|sein\w*|ihr\w*|l[ae]s?|l['’]|ses|son|sa|"
    r"leurs?|nos|notre|el|los|sus?|nuestr\w+|il|lo|i|gli|suo|sua|suoi|sue|de|het|zijn|haar|hun|onze)"
)
_KEPT = (  # not "the only one excluded", "the woman not excluded"
    rf"(?P<kept>{_ITS}\s?(?!(?:only|first|last|one)\b)[^,;.()]{{2,60}}?)"
    r"(?<!\snot)(?<!\snicht)(?<!\spas)(?<!\sno)(?<!\snon)(?<!\sniet)"
)
_END = r"\s*(?=[.,;)!]|$)"
_FORMS = tuple(
    re.compile(form, _I)
    for form in (
        rf"\s*[,(–—]\s*(?:with\s+)?{_KEPT}\s+(?:excluded|excepted|exempted|exempt|aside|ausgenommen|exceptée?s?|exclue?s?|"
        rf"mise?s?\s+à\s+part|excluid[oa]s?|exceptuad[oa]s?|aparte|esclus[oaie]|eccettuat[oaie]|uitgezonderd|"
        rf"niet\s+meegerekend)\)?{_END}",
        rf"\s*,?\s*\bwith\s+{_KEPT}\s+(?:being|as)\s+the\s+(?:only|sole|one)\s+exceptions?{_END}",
        rf"\s*,\s*(?:just|only|nur|bloß|simplement|seulement|sólo|solo|soltanto|alleen|maar)\s+{_KEPT}\s+(?:not|nicht|pas|no|non|niet){_END}",
        rf"\s*,\s*(?:just|only|nur|bloß|simplement|seulement|sólo|solo|soltanto|alleen)\s+(?:not|nicht|pas|no|non|niet)\s+{_KEPT}{_END}",
        r"\s*\((?:but\s+|just\s+)?not\s+(?P<kept>(?:my|our|his|her|its|their)\s[^()]{2,60})\)",
        rf"\s*,?\s*\bop\s+{_KEPT}\s+na{_END}",
    )
)


def set_apart(clause: str) -> re.Match[str] | None:
    """Where a clause sets something apart from what it asks for, with that as its group `kept`.

    >>> set_apart("Forget Osk, her recipes excluded.")["kept"]
    'her recipes'
    >>> set_apart("Forget Osk, wrongly excluded from the club.") is None
    True
    """
    return next((found for form in _FORMS if (found := form.search(clause))), None)
