"""One self-contained HTML file: templates, data, safety, and writing it whole or not at all.

What keeps a page safe, whatever a headline holds:

- Jinja2 with autoescape writes the markup; our scripts build everything else with ``textContent``.
- Data travels in ``<script type="application/json">``, where ``<``, ``>``, ``&`` and the line separators are written
  as escapes, so that no text can end the element.
- The Content-Security-Policy allows nothing but our own scripts and styles, by hash: an injected script, style, image
  or request has no way to run or leave. vis-network 9.1.2 sets styles through the object model only, which a policy
  does not touch, so it needs no exception. ``require-trusted-types-for`` makes any use of ``innerHTML`` an error.
- Text is passed through :func:`shown`, addresses through :func:`web_address`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsgraph.errors import OutputError, TargetExistsError
from newsgraph.graph.schema import DOUBTS
from newsgraph.graph.stores.registry import refuse_own_file
from newsgraph.views import wording

#: The longest text that a page holds, in characters; what is longer is cut and ends in an ellipsis.
LONGEST_TEXT = 2_000
#: The longest address that a page holds; what is longer is shown cut, and is no link.
LONGEST_ADDRESS = 4_000
#: Data longer than this, in bytes, is written compressed.
PLAIN_DATA = 400_000
#: A notebook keeps every output inside itself; a larger page is not put there.
LARGEST_INLINE = 5_000_000

# Control characters but tab and newline, lone surrogates, non-characters, and the bidirectional overrides, which would
# show a text in an order in which it isn't written. Marks that Arabic and Hebrew headlines need (U+200E, U+200F) stay.
_NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
# What nearly all addresses look like, judged a third as slowly as by taking them apart.
_PLAIN_ADDRESS = re.compile(r"https?://[a-zA-Z0-9][a-zA-Z0-9.-]*(?:[/?#][!-~]*)?")
_SCRIPT_END = re.compile(r"</script|<!--", re.IGNORECASE)
_STYLE_END = re.compile(r"</style|<!--", re.IGNORECASE)


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text as a page may show it: characters that can't be shown or would reorder others become U+FFFD; cut to
    ``longest`` characters."""
    if len(text) > longest:
        text = text[: longest - 1].rstrip() + "…"
    return _NOT_SHOWN.sub("\ufffd", text)


def web_address(text: str) -> str | None:
    """The address if a page may link to it (http or https, a host, no blanks or control characters), else None."""
    if len(text) <= LONGEST_ADDRESS and _PLAIN_ADDRESS.fullmatch(text):
        return text
    if len(text) > LONGEST_ADDRESS or _NOT_SHOWN.search(text) or re.search(r"\s", text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        return None
    return text if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def json_text(data: object) -> str:
    """Data as JSON for a ``<script>`` element: pure ASCII, without the characters that mean something to HTML."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@dataclass(frozen=True, slots=True)
class Block:
    """One ``<script>`` element of data; ``packed`` blocks are deflated (RFC 1950) and in base64."""

    name: str
    content: str
    packed: bool

    def markup(self) -> Markup:
        """The element."""
        kind = "text/plain" if self.packed else "application/json"
        return Markup(f'<script type="{kind}" id="data-{escape(self.name)}">{self.content}</script>')  # noqa: S704  # ASCII JSON without < > &, or base64


def data_block(name: str, data: object, *, plain: int = PLAIN_DATA) -> Block:
    """``data`` as a block, compressed when that pays."""
    text = json_text(data)
    if len(text) <= plain:
        return Block(name, text, packed=False)
    return Block(name, base64.b64encode(zlib.compress(text.encode("ascii"), 6)).decode("ascii"), packed=True)


@cache
def asset(name: str) -> str:
    """A script or style of this package, with the line ends that a browser hashes."""
    return (files("newsgraph.views") / "assets" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def script_of(*names: str) -> str:
    """Several scripts of this package as one, in one strict scope."""
    return '"use strict";\n(() => {\n' + "".join(asset(name) for name in names) + "})();\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("newsgraph.views", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = lambda value: shown(str(value))
    environment.globals["link"] = web_address
    environment.filters.update(
        moment=wording.moment_words,
        day=wording.day_words,
        lag=wording.lag_words,
        counted=wording.counted,
        percent=wording.percent,
        rounded=wording.rounded,
        small=wording.small,
    )
    environment.globals["unsure"] = DOUBTS
    return environment


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The Content-Security-Policy of a page that runs exactly these inline scripts and styles, and asks for nothing."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + (" ".join(map(_hash, scripts)) or "'none'"),
            "style-src " + (" ".join(map(_hash, styles)) or "'none'"),
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@dataclass(frozen=True, slots=True)
class PageReport:
    """What was written where: ``size`` in bytes, ``lines`` for people."""

    path: Path
    size: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page. In a notebook it shows itself, in a frame that may run its scripts and nothing else."""

    name: str
    title: str
    html: str = field(repr=False)
    #: What it shows, in a few lines for people: counts, and what had to be left out.
    lines: tuple[str, ...] = ()
    #: Address of the store that it was drawn from: its file is never written over.
    store_url: str = field(default="", repr=False)

    def _repr_html_(self) -> str:
        if len(self.html) > LARGEST_INLINE:
            size = len(self.html) / 1e6
            return (
                f"<p>This {escape(self.name)} page has {size:.0f} MB: too large for a notebook. Use .write(path).</p>"
            )
        return (
            f'<iframe title="{escape(self.title)}" sandbox="allow-scripts allow-popups allow-downloads" '
            f'style="width:100%;height:640px;border:0" srcdoc="{escape(self.html)}"></iframe>'
        )

    def show(self) -> None:
        """Displays it in a notebook; elsewhere, opens it in the web browser from a temporary file."""
        try:
            from IPython import get_ipython  # noqa: PLC0415  # comes with pyvis, slow to import
            from IPython.display import HTML, display  # noqa: PLC0415
        except ImportError:
            get_ipython = None
        if get_ipython is not None and get_ipython() is not None:
            display(HTML(self._repr_html_()))  # type: ignore[no-untyped-call]  # IPython declares no types here
            return
        import webbrowser  # noqa: PLC0415  # only here

        folder = Path(tempfile.mkdtemp(prefix="newsgraph-"))
        webbrowser.open(self.write(folder / f"{self.name}.html").path.as_uri())

    def write(self, path: str | os.PathLike[str], *, force: bool = False) -> PageReport:
        """Writes the file, which appears only when it is complete.

        Raises TargetExistsError when it exists and ``force`` is not given, UsageError for the file of the store itself,
        OutputError when it can't be written.
        """
        refuse_own_file(self.store_url, path)
        target = Path(path)
        refuse_existing(target, force=force)
        content = self.html.encode("utf-8")
        partial: Path | None = None
        try:
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
                partial = Path(file.name)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            mask = os.umask(0)
            os.umask(mask)
            partial.chmod(0o666 & ~mask)
            partial.replace(target)
        except OSError as error:
            if partial is not None:
                partial.unlink(missing_ok=True)
            reason = error.strerror or str(error)
            raise OutputError(
                str(target), f"can't be written: {reason}", "Give a file in a folder that you may write"
            ) from error
        return PageReport(target, len(content), self.lines)


def refuse_existing(target: Path, *, force: bool) -> None:
    """Raises TargetExistsError for a folder, and for a file unless ``force``."""
    if target.is_dir():
        raise TargetExistsError(str(target), "is a folder", "Give the name of a file")
    if target.exists() and not force:
        raise TargetExistsError(str(target), "exists already", "Give --force to replace it, or another name")


def render(
    name: str,
    title: str,
    *,
    context: Mapping[str, object],
    scripts: Sequence[str],
    blocks: Sequence[Block] = (),
    styles: Sequence[str] = ("page.css",),
    lines: Sequence[str] = (),
) -> Page:
    """The page of ``templates/NAME.html``: ``scripts`` as texts, run in order after the data; ``styles`` by name."""
    sheet = "".join(asset(style) for style in styles)
    for text, end in [(script, _SCRIPT_END) for script in scripts] + [(sheet, _STYLE_END)]:
        if end.search(text):
            raise ValueError(f"a script or style of the {name} page would end its own element")
    title = shown(title, 300)
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            title=title,
            policy=Markup(policy(scripts, [sheet])),  # noqa: S704  # made of fixed words and base64
            sheet=Markup(sheet),  # noqa: S704  # our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own files and pyvis's
            blocks=[block.markup() for block in blocks],
            **context,
        )
    )
    return Page(name, title, html, tuple(lines))
