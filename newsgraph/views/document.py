"""Makes one self-contained HTML file from templates and data, and writes it completely or not at all.

These rules keep a page safe, whatever a headline contains:

- Jinja2 with autoescape writes the markup. newsgraph's scripts build everything else with ``textContent``.
- Data is in ``<script type="application/json">``, where ``<``, ``>``, ``&`` and the line separators are written as
  escapes, so that no text can end the element.
- The Content-Security-Policy allows only newsgraph's own scripts and styles, by hash. An injected script, style, image
  or request can't run or be sent. vis-network 9.1.2 sets styles only through the object model, which a policy doesn't
  affect, so it needs no exception. ``require-trusted-types-for`` makes any use of ``innerHTML`` an error.
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

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsgraph.errors import UsageError
from newsgraph.graph.schema import DOUBTS
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import refuse_own_file
from newsgraph.output.atomic_files import file_target
from newsgraph.output.safe_text import NOT_SHOWABLE, showable
from newsgraph.queries.asking.find import names_of
from newsgraph.views import wording
from newsgraph.views.links import ALONE, Links

#: The longest text of a page in characters. A longer one is cut and ends in an ellipsis.
LONGEST_TEXT = 2_000
#: The longest address of a page in characters. A longer one is shown cut, and isn't a link.
LONGEST_ADDRESS = 4_000
#: Data longer than this, in bytes, is written compressed.
PLAIN_DATA = 400_000
#: A notebook keeps every output inside itself, so a page larger than this isn't put there.
LARGEST_INLINE = 5_000_000

# The form of nearly all addresses. Testing it takes a third of the time of taking an address apart.
_PLAIN_ADDRESS = re.compile(r"https?://[a-zA-Z0-9][a-zA-Z0-9.-]*(?:[/?#][!-~]*)?")
#: Base 85 as :func:`base64.b85encode` writes it, with other characters for those that have a meaning in HTML.
_SAFE_85 = bytes.maketrans(b"&<>", b",./")
_SCRIPT_END = re.compile(r"</script|<!--", re.IGNORECASE)
_STYLE_END = re.compile(r"</style|<!--", re.IGNORECASE)


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    """Returns a text as a page may show it, cut to ``longest`` characters. Characters that can't be shown, or that
    would reorder others, become U+FFFD."""
    if len(text) > longest:
        text = text[: longest - 1].rstrip() + "…"
    return showable(text)


def shown_names(store: Store, kind: str, longest: int) -> dict[str, str]:
    """Returns the name of every outlet or topic by id, as :func:`shown` gives it; the id where there is no name.
    ``kind`` is outlet or topic."""
    return {id: shown(names[0], longest) for id, names in names_of(store, kind).items()}


def web_address(text: str) -> str | None:
    """Returns the address if a page may link to it (http or https, a host, no blanks or control characters); else
    None."""
    if len(text) <= LONGEST_ADDRESS and _PLAIN_ADDRESS.fullmatch(text):
        return text
    if len(text) > LONGEST_ADDRESS or NOT_SHOWABLE.search(text) or re.search(r"\s", text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that isn't a number
    except ValueError:
        return None
    return text if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def json_text(data: object) -> str:
    """Returns data as JSON for a ``<script>`` element: pure ASCII, without characters that have a meaning in HTML."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


#: What the file of a page may end with.
ENDINGS = (".html", ".htm")


def check_ending(target: Path) -> None:
    """Raises UsageError for a file whose ending promises something else than a page."""
    ending = Path(target.name.removesuffix(".gz")).suffix.lower()
    if ending not in ("", *ENDINGS):
        raise UsageError(str(target), f"a page is HTML, not {ending}", f"End its name with {' or '.join(ENDINGS)}")


@dataclass(frozen=True, slots=True)
class Block:
    """One ``<script>`` element of data. A ``packed`` block is deflated (RFC 1950) and written in base 85, which makes
    its bytes 25 % longer; base 64 would make them 33 % longer."""

    name: str
    content: str
    packed: bool

    def markup(self) -> Markup:
        """Returns the element."""
        kind = "text/plain" if self.packed else "application/json"
        return Markup(f'<script type="{kind}" id="data-{escape(self.name)}">{self.content}</script>')  # noqa: S704  # ASCII JSON without < > &, or base 85 likewise


def data_block(name: str, data: object, *, plain: int = PLAIN_DATA) -> Block:
    """Returns ``data`` as a block, which is compressed if that makes it smaller."""
    text = json_text(data)
    if len(text) <= plain:
        return Block(name, text, packed=False)
    packed = base64.b85encode(zlib.compress(text.encode("ascii"), 9)).translate(_SAFE_85)
    return Block(name, packed.decode("ascii"), packed=True)


#: The package whose ``templates`` and ``assets`` are used if no other one is named.
_PACKAGE = "newsgraph.views"


@cache
def asset(name: str, package: str = _PACKAGE) -> str:
    """Returns a script or style from the ``assets`` of a package, or else of newsgraph, with the line ends that a
    browser hashes."""
    file = files(package) / "assets" / name
    if not file.is_file():
        file = files(_PACKAGE) / "assets" / name
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def script_of(*names: str, package: str = _PACKAGE) -> str:
    """Returns several scripts of a package, or else of newsgraph, as one script in a strict scope of its own.
    ``base.js`` includes ``theme.js``, which it needs."""
    if "base.js" in names and "theme.js" not in names:
        names = ("theme.js", *names)
    return '"use strict";\n(() => {\n' + "".join(asset(name, package) for name in names) + "})();\n"


@cache
def _environment(package: str) -> Environment:
    # A package's own templates come before those of newsgraph, which they may extend.
    packages = dict.fromkeys([package, _PACKAGE])
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(one, "templates") for one in packages]),
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
        lag=wording.lag_signed,
        duration=wording.lag_long,
        stamp=wording.utc_stamp,
        counted=wording.counted,
        percent=wording.percent,
        rounded=wording.rounded,
        small=wording.small,
    )
    environment.globals["unsure"] = DOUBTS
    return environment


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def policy(scripts: Sequence[str], styles: Sequence[str], *, sheet: bool = False, forms: bool = False) -> str:
    """Returns the Content-Security-Policy of a page that runs exactly these inline scripts and styles, and requests
    nothing. With ``sheet`` it allows style sheets from where the page itself came from. With ``forms`` it allows forms
    to be sent there."""
    allowed = [*map(_hash, styles), *(["'self'"] if sheet else [])]
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + (" ".join(map(_hash, scripts)) or "'none'"),
            "style-src " + (" ".join(allowed) or "'none'"),
            "base-uri 'none'",
            "form-action 'self'" if forms else "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@dataclass(frozen=True, slots=True)
class PageReport:
    """What was written, and where. ``size`` is in bytes; ``lines`` are for people."""

    path: Path
    size: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page. In a notebook it is shown in a frame that may run its scripts and nothing else."""

    name: str
    title: str
    html: str = field(repr=False)
    #: What it shows, in a few lines for people: counts, and what was left out.
    lines: tuple[str, ...] = ()
    #: Its Content-Security-Policy, for a server that sends it as a header too.
    policy: str = field(default="", repr=False)
    #: The address of the store that it was made from. That store's file is never overwritten.
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
        """Shows the page: in a notebook as its output, elsewhere in the web browser from a temporary file."""
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

        Raises TargetExistsError when it exists and ``force`` isn't given, UsageError for the file of the store itself,
        and OutputError when it can't be written.
        """
        target = Path(path)
        refuse_own_file(self.store_url, path)
        check_ending(target)
        content = self.html.encode("utf-8")
        with file_target(target, force=force) as out:
            out.write(content)
        return PageReport(target, len(content), self.lines)


def render(
    name: str,
    title: str,
    *,
    context: Mapping[str, object],
    scripts: Sequence[str],
    blocks: Sequence[Block] = (),
    styles: Sequence[str] = ("page.css",),
    lines: Sequence[str] = (),
    package: str = _PACKAGE,
    links: Links = ALONE,
    stamp: Sequence[str] = (),
) -> Page:
    """Returns the page made from ``templates/NAME.html`` of a package. Its template may extend newsgraph's.

    ``scripts`` are texts, which run in order after the data. ``styles`` are names of style sheets in the package's
    ``assets`` or newsgraph's; none are needed if ``links`` names the site's style sheet. ``stamp`` is shown at the foot
    of the page.
    """
    sheet = "".join(asset(style, package) for style in styles)
    for text, end in [(script, _SCRIPT_END) for script in scripts] + [(sheet, _STYLE_END)]:
        if end.search(text):
            raise ValueError(f"a script or style of the {name} page would end its own element")
    title = shown(title, 300)
    allowed = policy(scripts, [sheet] if sheet else [], sheet=bool(links.sheet), forms=links.live)
    html = (
        _environment(package)
        .get_template(f"{name}.html")
        .render(
            title=title,
            policy=Markup(allowed),  # noqa: S704  # made of fixed words and base64
            sheet=Markup(sheet),  # noqa: S704  # our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own files and pyvis's
            blocks=[block.markup() for block in blocks],
            site=links,
            made=stamp,
            **context,
        )
    )
    return Page(name, title, html, tuple(lines), allowed)
