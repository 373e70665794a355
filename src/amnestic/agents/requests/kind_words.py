"""Words of five languages that say what sort of thing a name is: "película", "Zeitschrift"."""

from __future__ import annotations

import re

from amnestic.agents.requests.target_kind import kind_named
from amnestic.types import TargetKind

__all__ = ["GERMAN_KIND", "head_kind", "kind_said_by"]

_WORDS = {
    TargetKind.ORGANISATION: (
        "firma firmen unternehmen konzern verein band gruppe marke hersteller verlag "
        "sender bank partei "
        "stiftung anbieter händler magazin zeitschrift zeitung kanzlei orchester kette versicherer "
        "entreprise société groupe marque compagnie opérateur opératrice constructeur banque "
        "association fondation magazine revue journal chaîne fabricant parti "
        "empresa compañía grupo banda marca fabricante operador operadora asociación "
        "fundación banco "
        "revista periódico editorial cadena partido tienda "
        "azienda aziende società ditta gruppo marchio produttore operatore associazione "
        "fondazione banca "
        "rivista giornale casa-editrice catena partito negozio impresa "
        "fluggesellschaft aerolínea aerolíneas compagnia cooperativa naviera "
        "service network shop platform carmaker automaker chipmaker operator chain label provider "
        "webshop supermarket bookshop duo trio "
        "buchhandlung bäckerei apotheke metzgerei gaststätte werkstatt praxis reederei brauerei "
        "librairie boulangerie pharmacie boucherie brasserie cabinet atelier garage clinique "
        "imprimerie "
        "librería panadería farmacia carnicería taller clínica imprenta bodega bufete "
        "libreria panetteria macelleria officina tipografia cantina studio "
        "bedrijf popgroep groep vereniging stichting winkel bakkerij apotheek krant tijdschrift "
        "uitgeverij omroep "
        "spółka zespół fundacja sklep apteka szkoła wydawnictwo gazeta "
        "loja padaria farmácia editora jornal "
        "bakery nursery kindergarten agency"
    ),
    TargetKind.WORK: (
        "film filme roman romane buch bücher lied lieder serie gedicht oper spiel gemälde hörspiel "
        "livre livres roman romans chanson chansons série poème opéra jeu tableau pièce "
        "película películas novela novelas libro libros canción canciones serie poema ópera juego "
        "cuadro cuento disco "
        "romanzo romanzi libri canzone canzoni poesia gioco quadro racconto "
        "show sitcom miniseries sequel sequels prequel prequels remake spin-off fortsetzung "
        "secuela "
        "boek boeken liedje toneelstuk książka książki powieść piosenka piosenki serial wiersz "
        "filme livro livros romance canção"
    ),
    TargetKind.PLACE: (
        "stadt städte dorf dörfer land länder insel fluss see berg planet kontinent "
        "region staat viertel "
        "ville villes village pays île fleuve rivière lac montagne planète continent "
        "région quartier état "
        "ciudad ciudades pueblo país países isla río lago montaña planeta continente región barrio "
        "città paese paesi isola fiume monte montagna pianeta regione quartiere "
        "planet continent moon suburb railway nation republic kingdom borough "
        "dorp eiland rivier miasto wieś wyspa rzeka jezioro cidade aldeia ilha"
    ),
    TargetKind.TOPIC: (
        "produkt programmiersprache sprache metall gerät medikament getränk schokoriegel riegel "
        "produit langage langue métal médicament boisson logiciel "
        "producto lenguaje idioma metal medicamento bebida "
        "prodotto linguaggio lingua metallo medicinale bevanda "
        "language element metal currency chocolate snack project "
        "projekt projet proyecto progetto projeto "
        "ausstellung messe konzert tagung feier hochzeit turnier wettbewerb "
        "exposition concert congrès fête mariage tournoi concours "
        "exposición concierto feria fiesta boda torneo concurso "
        "mostra concerto fiera festa convegno torneo matrimonio concorso"
    ),
    TargetKind.PERSON: (
        "maler malerin bildhauer bildhauerin sänger sängerin regisseur regisseurin "
        "inhaber inhaberin "
        "autor autorin schriftsteller schriftstellerin dichter dichterin schauspieler "
        "schauspielerin "
        "arzt ärztin anwalt anwältin lehrer lehrerin gründer gründerin politiker "
        "politikerin chef chefin "
        "romancier romancière peintre écrivain écrivaine auteur autrice chanteur "
        "chanteuse réalisateur "
        "réalisatrice acteur actrice poète avocat avocate médecin fondateur fondatrice directeur "
        "directrice musicien musicienne mari femme associé associée "
        "pintor pintora pintores escritor escritora novelista cantante poeta actor actriz abogado "
        "abogada médico médica fundador fundadora directora músico marido esposa socio socia "
        "pittore pittrice scrittore scrittrice cantante tenore soprano pianista attore "
        "attrice avvocato "
        "medico fondatore fondatrice direttore direttrice regista musicista marito "
        "moglie socio socia "
        "socialite tenor pianist violinist cellist dentist florist drummer guitarist "
        "count countess duke duchess baron baroness earl viscount prince princess knight "
        "zanger zangeres schrijver schrijfster schilder acteur lekarz lekarka nauczyciel "
        "nauczycielka "
        "aktor aktorka pisarz pisarka piosenkarz piosenkarka "
        "executive owner photographer sculptor programmer linguist economist mathematician"
    ),
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_HEAD_LAST = re.compile(
    r"(?:the|an?|our|my|his|her|its|their|both|all|two|three|four|der|die|das|den|dem|"
    r"eine?[mnr]?|beide|"
    r"unser\w*|seine?\w*|ihre?\w*)\s"
)
_BEHIND_HEAD = re.compile(r"\w+(?:est|ible|able|ive)|next|close|near|north|south|east|west|famous")
_RELATIONS = frozenset(  # what firms and people are to others alike
    "publisher dealer customer customers client clients tenant user users contractor candidate "
    "guest member members "
    "applicant citizen neighbour neighbor host leader model general employer "
    "competitor kunde kunden "
    "kundin cliente clienti clientes mitglied".split()
)
_COMPOUND = re.compile(  # German joins what something is to what for: "Automarke"
    r"(?P<head>unternehmen|firma|konzern|hersteller|marke|verlag|sender|anbieter|verein|magazin|"
    r"zeitschrift|zeitung|stadt|dorf|land|insel|sprache|serie|roman|film|buch|spiel|riegel|maker|"
    r"gruppe|band)$"
)
GERMAN_KIND = re.compile(
    r"(?:Firma|Firmen|Unternehmen|Konzern|Verein|Band|Gruppe|Marke|Verlag|Magazine?|"
    r"Zeitschrift|Zeitung|"
    r"Filme?|Romane?|Buch|Bücher|Lied(?:er)?|Serie|Gedicht|Oper|Spiel|Album|Song|"
    r"Stadt|Dorf|Insel|Planet|"
    r"Sänger(?:in)?|Maler(?:in)?|Regisseur(?:in)?|Autor(?:in)?|Schauspieler(?:in)?|Inhaber(?:in)?|"
    r"Schriftsteller(?:in)?|Gründer(?:in)?|App|Dienst)\s+(?=[\"“„«]?[A-ZÄÖÜ])"
)
"""A German noun that says what the name right behind it is; such nouns are "
"written with a capital."""


def kind_said_by(words: str) -> TargetKind | None:
    """The kind that the words right before a name give it, in any of the languages.

    >>> kind_said_by("la película"), kind_said_by("the auction house"), kind_said_by("with")
    (<TargetKind.WORK: 'work'>, <TargetKind.ORGANISATION: 'organisation'>, None)
    """
    found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", words)
    return _of_word(found[-1], words, of_many=True) if found else None


def head_kind(description: str, *, of_many: bool = False) -> TargetKind | None:
    """The kind that the words of a description give what it tells of, up to where they say more:
    the last in English and German, the first elsewhere; a plural only where it tells of many.

    >>> head_kind("the American oil company"), head_kind("l'entreprise américaine")
    (<TargetKind.ORGANISATION: 'organisation'>, <TargetKind.ORGANISATION: 'organisation'>)
    """
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", description)
    places = range(len(words))
    if _HEAD_LAST.match(description):
        last = len(words) - 1
        last -= last > 0 and _BEHIND_HEAD.fullmatch(words[last]) is not None
        places = range(last, last + 1)
    told = (_of_word(words[i], " ".join(words[: i + 1]), of_many=of_many) for i in places)
    return next((kind for kind in told if kind is not None), None)


def _of_word(word: str, words: str, *, of_many: bool) -> TargetKind | None:
    """The kind of a word, by itself or with those before it: "auction house"."""
    low = word.casefold()
    if low in _RELATIONS:
        return None
    if kind := _KINDS.get(low):
        return kind
    pair = " ".join(re.findall(r"[\w-]+", words.casefold())[-2:])
    if re.search(r"(?:auction|publishing|fashion|trading|banking)\s+house$", pair):
        return TargetKind.ORGANISATION
    for form in (low, *(_singular(low) if of_many else ())):
        if kind := _KINDS.get(form) or kind_named(f"the {form}"):
            return kind
    compound = _COMPOUND.search(low)
    return _KINDS.get(compound["head"], TargetKind.ORGANISATION) if compound else None


def _singular(word: str) -> tuple[str, ...]:
    if word.endswith("ies"):
        return (f"{word[:-3]}y",)
    return (
        (word[:-1], word[:-2])
        if word.endswith("es")
        else (word[:-1],)
        if word.endswith("s")
        else ()
    )
