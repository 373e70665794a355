"""E-mail addresses, web addresses and network addresses: found in a text, in one form each.

Every pattern is bounded, and none begins inside a run that another try has read, so that the time
grows with the length of a text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address
from urllib.parse import parse_qsl, urlencode

from amnestic.tools.reading import fold_word
from amnestic.types import Span

__all__ = ["emails_in", "ips_in", "urls_in"]

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LABEL = rf"[^\W_{_CJK}](?:[^\W_{_CJK}]|-){{0,62}}+"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{1,8}}+")
_LOCAL = re.compile(rf"[^\W{_CJK}]|[.+-]")
_LOCAL_RUN = re.compile(rf"(?:[^\W{_CJK}]|[.+-]){{1,64}}+")
_MOST_LOCAL = 64

_URL = re.compile(
    rf"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{{1,11}})://(?:[^\s/@]{{1,128}}@)?|(?<![\w@.-]))"
    rf"(?P<host>{_LABEL}(?:\.{_LABEL}){{1,8}}+)(?P<port>:\d{{1,5}})?"
    r"(?P<rest>[/?#][^\s<>\"'`|]{0,1000})?"
)
_BEHIND = ".,;:!?)]}>*_~'\""
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21", "": ""}
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ref_?src|si", re.IGNORECASE
)
_SEGMENTS = 12  # of a path that are looked up one after the other

_IPV4 = re.compile(r"(?<![0-9A-Za-z_.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9A-Za-z_]|\.\d)")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}+(?:(?:\.\d{1,3}){3})?(?![0-9A-Za-z])"
)


def emails_in(text: str) -> Iterator[tuple[str, Span]]:
    """The e-mail addresses of a text, without plus tags, in small letters, as they are written and
    as they would be read backwards.

    >>> [key for key, _ in emails_in("To: Bob+news@Example.com.")]
    ['bob@example.com']
    """
    at = text.find("@")
    while at >= 0:
        dotted = text.find(".", at, at + _MOST_LOCAL) > 0
        turned = text.find(".", max(0, at - _MOST_LOCAL), at) >= 0
        if dotted or turned:
            begin = at
            while begin > 0 and at - begin < _MOST_LOCAL and _LOCAL.match(text[begin - 1]):
                begin -= 1
            if dotted:
                yield from _email(text, begin, at)
            if turned:
                yield from _turned(text, begin, at)
        at = text.find("@", at + 1)


def _email(text: str, begin: int, at: int) -> Iterator[tuple[str, Span]]:
    domain = _DOMAIN.match(text, at + 1)
    if domain is None:
        return
    while begin < at and (text[begin] in ".+-" or _is_emphasis(text, begin, domain.end())):
        begin += 1
    if begin < at:
        yield _address(text[begin:at], domain.group()), Span(begin, domain.end())


def _turned(text: str, begin: int, at: int) -> Iterator[tuple[str, Span]]:
    local = _LOCAL_RUN.match(text, at + 1)
    domain = text[begin:at][::-1]
    if local is None or not _DOMAIN.fullmatch(domain):
        return
    written = local.group().rstrip(".-")
    yield _address(written[::-1], domain), Span(begin, at + 1 + len(written))


def _is_emphasis(text: str, begin: int, end: int) -> bool:
    return text[begin] == "_" and text[end : end + 1] == "_"


def _address(local: str, domain: str) -> str:
    written = f"{local.partition('+')[0]}@{domain}"
    return written.lower() if written.isascii() else fold_word(written)


def urls_in(text: str) -> Iterator[tuple[str, Span]]:
    """The web addresses of a text, each with those of which it is a page: without scheme, "www.",
    usual port, fragment, tracking and a slash at the end; what is a page of the site stays as it
    is.

    >>> [key for key, _ in urls_in("See https://www.Tavel.example/people/osk/?utm_source=x#top.")]
    ['tavel.example/people/osk', 'tavel.example/people', 'tavel.example']
    """
    for match in _URL.finditer(text):
        rest = (match["rest"] or "").rstrip(_BEHIND)
        end = match.start("rest") + len(rest) if rest else match.end("host")
        host = fold_word(match["host"]).removeprefix("www.")
        port = match["port"] or ""
        if port and port not in (_PORTS.get((match["scheme"] or "").lower()), ":80", ":443"):
            host += port
        for page in _pages(rest):
            yield host + page, Span(match.start(), max(end, match.end("port")))


def _pages(rest: str) -> Iterator[str]:
    path, _, query = rest.partition("#")[0].partition("?")
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    told = [(k, v) for k, v in parse_qsl(query, True) if not _TRACKING.fullmatch(k)]
    if told:
        yield f"{path}?{urlencode(sorted(told))}"
    parts = path.split("/")[: _SEGMENTS + 1]
    for last in range(len(parts), 0, -1):
        yield "/".join(parts[:last])


def ips_in(text: str) -> Iterator[tuple[str, Span]]:
    """The network addresses of a text, in their shortest form.

    >>> [key for key, _ in ips_in("010.020.030.040, [2001:0DB8:0:0::7]:443")]
    ['10.20.30.40', '2001:db8::7']
    """
    for match in _IPV4.finditer(text):
        numbers = [int(n) for n in match.group().split(".")]
        if max(numbers) < 256:
            yield ".".join(map(str, numbers)), Span(match.start(), match.end())
    for match in _IPV6.finditer(text):
        written = match.group()
        if written.endswith(":") and not written.endswith("::"):
            written = written[:-1]
        try:
            found = ip_address(written)
        except ValueError:
            continue
        inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        yield str(inner or found), Span(match.start(), match.start() + len(written))
