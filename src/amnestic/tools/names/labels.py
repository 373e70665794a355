"""What identifiers are called: "customer no.", "Kundennummer" and "cliente" are one label.

A short number tells nobody apart by itself. Behind its label it does, whatever the language of the
text; so labels are compared by family, and by their own words where they belong to none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from amnestic.tools.reading import fold_word

__all__ = ["NUMBERED", "families_of", "is_label", "is_labelled"]

_FAMILIES = {
    family: tuple(beginnings.split())
    for family, beginnings in {
        "customer": "customer client kund klant kdnr 客户 顧客 お客様 عميل клиент",
        "patient": "patient pazient pacient 患者",
        "employee": "employee staff payroll personal mitarbeiter employ emplead dipendent 工号",
        "member": "member mitglied membre miembro socio lid",
        "user": "user username benutzer usuario utilisateur utente login handle nick nickname",
        "account": "account acct konto cuenta compte conto rekening حساب счет",
        "case": "case akte dossier expediente fascicolo aktenzeichen az docket matter",
        "file": "file datei fichier archivo",
        "order": "order bestell auftrag pedido commande ordine 注文 订单",
        "invoice": "invoice rechnung factura facture fattura inv",
        "ticket": "ticket tkt issue vorgang",
        "contract": "contract vertrag mietvertrag contrat contratto 合同",
        "insurance": "insurance policy police versicherung seguro assurance",
        "booking": "booking reservation buchung reservierung reserva prenotazione",
        "passport": "passport reisepass pasaporte passeport passaporto",
        "licence": "licence license fuhrerschein permiso permis patente plate kennzeichen",
        "tax": "tax steuer vat ust nif cif fiscal",
        "social": "ssn social sozial nhs sozialversicherung",
        "student": "student matrikel etudiant estudiante",
        "pin": "pin geheimzahl",
        "password": "password passwort kennwort contrasena passphrase passcode parola",
        "door": "door gate entry entrance tur haustur tor porte puerta porta portail",
        "alarm": "alarm alarme alarma allarme",
        "safe": "safe vault tresor coffre caja cassaforte",
        "phone": "phone tel telephone telefon mobile mobil cell handy fax rufnummer "
        "telefono movil portable cellulare 手机 电话 電話",
        "extension": "ext extension durchwahl poste interno",
        "room": "room raum zimmer chambre habitacion stanza",
        "iban": "iban",
        "card": "card karte tarjeta carte carta カード",
        "record": "record datensatz id uuid guid",
        "key": "key token api schlussel clave cle",
        "web": "url link website mail email",
    }.items()
}
NUMBERED = frozenset(_FAMILIES) - {"phone", "web"}
"""The families of labels whose numbers nobody dials."""

_GENERAL = frozenset(
    "no nr num number numbers nummer numero n code codes ref reference the a an of is my your his "
    "her their our der die das le la el il de du des del and und et y".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_BEFORE, _AFTER = 4, 4  # words between a value and its label
_REACH = 48  # characters in which they stand
_ENDS = re.compile(r"[.!?。！？]\s|[\n;|]|。")
_USER = "user"
_HANDLE = re.compile(  # what stands right before a user's name: "@", "/users/"
    r"(?:^|[\s(\[>\"'“:/])@$|/(?:u|users?|profiles?|people|members?|author|in)/@?$", re.IGNORECASE
)
_NUMERO = re.compile(r"\b(?:no|nr|num|n)\.\s", re.IGNORECASE)


@lru_cache(maxsize=4096)
def families_of(label: str) -> frozenset[str]:
    """What a label asks for: its families, or its own words where they belong to none.

    >>> sorted(families_of("customer no.")), families_of("Kundennr.") == families_of("client id")
    (['customer'], False)
    >>> sorted(families_of("Kundennummer") & families_of("client id"))
    ['customer']
    """
    words = [w for w in map(fold_word, _WORD.findall(label)) if w not in _GENERAL]
    found = {family for word in words for family in _families(word)}
    return frozenset(found or words)


@lru_cache(maxsize=4096)
def _families(word: str) -> frozenset[str]:
    return frozenset(
        family
        for family, beginnings in _FAMILIES.items()
        if any(_begins(word, beginning) for beginning in beginnings)
    )


def _begins(word: str, beginning: str) -> bool:
    """Whether a word is a family's, also compounded; a short beginning must be all of it, or stand
    before another word for a number."""
    beginning = fold_word(beginning)
    if not word.startswith(beginning):
        return False
    rest = word[len(beginning) :]
    return not rest or len(beginning) > 3 or not beginning.isascii() or rest in _GENERAL


@lru_cache(maxsize=4096)
def is_label(word: str) -> bool:
    """Whether a folded word may be glued to an identifier without being a part of it.

    >>> is_label("kdnr"), is_label("nr"), is_label("aq")
    (True, True, False)
    """
    return word in _GENERAL or bool(_families(word))


def is_labelled(text: str, start: int, end: int, wanted: frozenset[str]) -> bool:
    """Whether a label that asks for one of the `wanted` stands beside `text[start:end]`.

    >>> is_labelled("The PIN is 4711.", 11, 15, families_of("pin"))
    True
    >>> is_labelled("It has 4711 rooms. The PIN is secret.", 7, 11, families_of("pin"))
    False
    """
    if _USER in wanted and _HANDLE.search(text[max(0, start - _REACH) : start]):
        return True
    before = _ENDS.split(_NUMERO.sub(" ", text[max(0, start - _REACH) : start]))[-1]
    after = _ENDS.split(text[end : end + _REACH])[0]
    near = [*_WORD.findall(before)[-_BEFORE:], *_WORD.findall(after)[:_AFTER]]
    return any(families_of(word) & wanted for word in near if word)
