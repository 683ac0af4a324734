"""Hosts and the domains that they were registered under.

Registered domains follow the public suffix list (https://publicsuffix.org), including its private part. The list is the
copy that comes with publicsuffixlist, so no network is needed and no file is written.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pkgutil import get_data
from typing import NamedTuple
from urllib.parse import unquote

from newsgraph.patterns import later

LONGEST_HOST = 253
#: The number of labels in the longest rule of the public suffix list, plus one. At present the longest has seven.
_LONGEST_RULE = 10
_ASCII_HOST = later(r"[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62})*")
#: First labels of hosts that show the same pages as the host without them. www2 and the like are other servers.
_SAME_PAGES = frozenset({"www", "m", "mobile", "amp"})
_AMP_LABEL = later("amp-(?!xn--)[a-z0-9]")


class Host(NamedTuple):
    """A host that was read from text.

    ``full`` is the whole host, in lower case and readable letters; IPv6 is in brackets. ``name`` is the same without
    www, m, mobile and amp. ``domain`` is the registered domain, or ``name`` if there is none. ``public`` tells whether
    the domain is registered below a suffix on the public suffix list.
    """

    full: str
    name: str
    domain: str
    public: bool


@lru_cache(maxsize=1)
def _suffixes() -> frozenset[str]:
    """Returns the lines of the list. Comments among them do no harm, because no host contains blanks or slashes."""
    # importlib.resources does the same, and takes longer to import than a look-up takes.
    text = get_data("publicsuffixlist", "public_suffix_list.dat")
    assert text is not None  # its loader reads files
    return frozenset(text.decode().split("\n"))


def _labels_of_suffix(labels: Sequence[str]) -> int:
    """Returns how many of a host's last labels are its public suffix, by the algorithm of
    https://publicsuffix.org/list/.

    It is 0 if the list has no rule for it. publicsuffixlist returns the same, but takes twenty times as long to get
    ready.
    """
    rules = _suffixes()
    for start in range(max(0, len(labels) - _LONGEST_RULE), len(labels)):
        depth = len(labels) - start
        rest = ".".join(labels[start:])
        if f"!{rest}" in rules:
            return depth - 1
        if f"*.{rest}" in rules:
            return depth + 1 if start else depth
        if rest in rules:
            return depth
    return 0


def _machine(written: str) -> str | None:
    """Returns an IP address in its shortest form; None for a name."""
    try:
        if written.startswith("["):
            inside = written[1:].removesuffix("]")
            return None if "%" in inside else f"[{ipaddress.IPv6Address(inside).compressed}]"
        return str(ipaddress.IPv4Address(written))
    except ValueError:
        return None


def _name(written: str) -> str | None:
    """Returns a host's name in lower case, with escapes and punycode decoded and without a dot at its end.

    None if it can't be a host.
    """
    name = (unquote(written) if "%" in written else written).lower().removesuffix(".")
    if len(name) > LONGEST_HOST:
        return None
    if name.isascii() and "xn--" not in name:
        return name if _ASCII_HOST.fullmatch(name) else None
    import idna  # noqa: PLC0415  seldom needed

    with suppress(idna.IDNAError):  # symbols and emoji are outside the present standard, but some hosts have them
        name = idna.uts46_remap(name, std3_rules=False)
    labels = [_readable_label(label) for label in name.split(".")]
    readable = ".".join(label or "" for label in labels)
    return readable if all(labels) and len(readable) <= LONGEST_HOST else None


def _readable_label(label: str) -> str | None:
    """Returns one label of a host in readable letters if the standard (IDNA 2008) allows that, and in ASCII
    otherwise."""
    import idna  # noqa: PLC0415  seldom needed

    with suppress(idna.IDNAError):
        return idna.decode(idna.encode(label)).lower()
    try:
        label = label.encode("idna").decode("ascii").lower()  # IDNA 2003
    except UnicodeError:
        return None
    return label if _ASCII_HOST.fullmatch(label) and "." not in label else None


@lru_cache(maxsize=1 << 15)
def read_host(written: str) -> Host | None:
    """Returns the host that a text without scheme and port names, or None when it can't be a host."""
    machine = _machine(written)
    if machine is not None:
        return Host(machine, machine, machine, False)
    name = _name(written)
    if name is None:
        return None
    labels = name.split(".")
    depth = _labels_of_suffix(labels)
    kept = depth + 1 if depth else 2  # by the list's own rule, an unknown last label is a suffix
    before, domain = labels[:-kept], labels[-kept:]
    before = [label for label in before if label not in _SAME_PAGES]
    while before and _AMP_LABEL.match(before[0]):
        before = [label for label in [before[0][4:], *before[1:]] if label not in _SAME_PAGES]
    if not depth and domain[0] == "www":
        domain = domain[1:] or domain
    bare = ".".join([*before, *domain])
    return Host(name, bare, ".".join(domain) if depth else bare, 0 < depth < len(labels))
