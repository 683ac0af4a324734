"""The web application: it decides what answers which address. The guard checks each request first."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from newsgraph.errors import NewsgraphError, NothingToWriteError, StoreError, UnknownNameError
from newsgraph.queries.ask import check_loaded
from newsgraph.queries.registry import questions
from newsgraph.serve.guard import Guard, TooLongError, same
from newsgraph.serve.lanes import Lane, TooBusyError
from newsgraph.serve.live_store import Edition, Editions, LiveStore, QueryDesk
from newsgraph.serve.pages import ask_pages, cypher_page, decision_pages
from newsgraph.serve.pages.answer_table import MOST_SAVED, MOST_SHOWN, SAVED, saved
from newsgraph.serve.pages.deciding import Asked, write
from newsgraph.serve.pages.desk import Desk, sheet
from newsgraph.serve.wording import said
from newsgraph.views.site.base import CORRECTING, SHEET, Made, SiteOptions

#: The number of fields that one form may send.
MOST_FIELDS = 2_000
#: The seconds that a page which is being made gets when the server ends.
SECONDS_TO_CLOSE = 3.0
#: The seconds that a decision which is being written gets.
SECONDS_TO_WRITE = 120.0

Given = Mapping[str, list[str]]


class Application:
    """The pages, and the code that answers for them. ``app`` is what a server runs."""

    def __init__(self, desk: Desk, port: int) -> None:
        self.desk = desk
        serving = desk.serving
        more = [(ask_pages.LIST, "Ask"), (cypher_page.FILE, "Cypher")]
        if serving.edit:
            more += [(decision_pages.REVIEW, "Review"), (decision_pages.DECISIONS, "Decisions")]
        self._editions = Editions(
            LiveStore(serving.store_url), SiteOptions(title=serving.title, correcting=serving.edit), more
        )
        self._queries = QueryDesk(serving.store_url, timeout=serving.timeout, memory=serving.memory)
        self._pages_lane = Lane("pages")
        self._query_lane = Lane("queries")
        self._edit_lane = Lane("edits")
        self._sheet = sheet()
        routes = [
            Route("/", self._site_page, methods=["GET"]),
            Route(f"/{SHEET}", self._style, methods=["GET"]),
            Route(f"/{ask_pages.LIST}", self._questions, methods=["GET"]),
            Route("/ask/{name}.html", self._question, methods=["GET"]),
            Route("/ask/{name}.{ending}", self._saved_answer, methods=["GET"]),
            Route(f"/{cypher_page.FILE}", self._query_form, methods=["GET"]),
            Route(f"/{cypher_page.FILE}", self._query, methods=["POST"]),
            Route("/cypher.{ending}", self._saved_query, methods=["POST"]),
            *(self._decision_routes() if serving.edit else ()),
            Route("/{file:path}", self._site_page, methods=["GET"]),
        ]
        inner = Starlette(routes=routes, exception_handlers={Exception: _unexpected, TooLongError: _too_long})
        self.app = Guard(inner, desk.keys, port)

    def check(self) -> None:
        """Opens the store, in the thread that will use it.

        Raises StoreError, and UsageError if it is empty or the user's own questions can't be read.
        """
        questions(self.desk.serving.questions)
        self._pages_lane.do(lambda: check_loaded(self._editions.now().store))

    def close(self) -> None:
        """Ends everything that answers. A query that is running is ended, too."""
        self._edit_lane.close(lambda: None, wait=SECONDS_TO_WRITE)
        self._queries.close()
        self._query_lane.close(self._queries.close, wait=SECONDS_TO_CLOSE)
        self._pages_lane.close(self._editions.close, wait=SECONDS_TO_CLOSE)

    # The pages of the site.

    async def _style(self, _request: Request) -> Response:
        return Response(self._sheet, media_type="text/css; charset=utf-8")

    async def _site_page(self, request: Request) -> Response:
        file = request.path_params.get("file") or "index.html"

        def make(edition: Edition) -> tuple[Made, int]:
            try:
                made = edition.page(file)
            except NothingToWriteError as error:
                return self.desk.notice(edition, file, "Nothing to show", said(error)), 200
            if made is None:
                return self.desk.notice(edition, "", "No such page", "This site has no page of that name."), 404
            return made, 200

        return await self._made(make)

    # Questions.

    async def _questions(self, _request: Request) -> Response:
        return await self._made(lambda edition: (ask_pages.list_page(self.desk, edition), 200))

    async def _question(self, request: Request) -> Response:
        name, given = request.path_params["name"], _given(request)
        return await self._made(lambda edition: ask_pages.question_page(self.desk, edition, name, given))

    async def _saved_answer(self, request: Request) -> Response:
        name, ending, given = request.path_params["name"], request.path_params["ending"], _given(request)
        if ending not in SAVED:
            return _words(404, "There is no such file.")
        try:
            content = await self._pages_lane.run(
                lambda: ask_pages.saved_answer(self.desk, self._editions.now(), name, ending, given)
            )
        except NewsgraphError as error:
            return _words(_status(error), said(error))
        return _file(content, ending, name)

    # Queries.

    async def _query_form(self, request: Request) -> Response:
        query = cypher_page.Query.of(_given(request))
        return await self._made(lambda edition: (cypher_page.cypher_page(self.desk, edition, query), 200))

    async def _query(self, request: Request) -> Response:
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        query = cypher_page.Query.of(form)
        rows, problem, status = None, "", 200
        try:
            rows = await self._query_lane.run(lambda: self._queries.query(query.text, query.values(), MOST_SHOWN))
        except NewsgraphError as error:
            problem, status = said(error), _status(error)
        return await self._made(
            lambda edition: (cypher_page.cypher_page(self.desk, edition, query, rows, problem), status)
        )

    async def _saved_query(self, request: Request) -> Response:
        ending = request.path_params["ending"]
        if ending not in SAVED:
            return _words(404, "There is no such file.")
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        query = cypher_page.Query.of(form)

        def answer() -> bytes:
            rows = self._queries.query(query.text, query.values(), MOST_SAVED)
            return saved(ending, rows.columns, rows.rows)

        try:
            content = await self._query_lane.run(answer)
        except NewsgraphError as error:
            return _words(_status(error), said(error))
        return _file(content, ending, "answer")

    # Decisions, if they are allowed.

    def _decision_routes(self) -> list[Route]:
        return [
            Route(f"/{CORRECTING}/{{name}}.html", self._correcting, methods=["GET"]),
            Route(f"/{decision_pages.REVIEW}", self._review, methods=["GET"]),
            Route(f"/{decision_pages.DECISIONS}", self._decisions, methods=["GET"]),
            Route(f"/{decision_pages.DECIDE}", self._decide, methods=["POST"]),
        ]

    async def _correcting(self, request: Request) -> Response:
        name = request.path_params["name"]
        return await self._made(lambda edition: (decision_pages.event_page(self.desk, edition, name), 200))

    async def _review(self, _request: Request) -> Response:
        return await self._made(lambda edition: (decision_pages.review_page(self.desk, edition), 200))

    async def _decisions(self, _request: Request) -> Response:
        return await self._made(lambda edition: (decision_pages.decisions_page(self.desk, edition), 200))

    async def _decide(self, request: Request) -> Response:
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        asked = Asked.of(form)
        if not asked.seen:
            return await self._made(lambda edition: (decision_pages.preview_page(self.desk, edition, asked), 200))
        serving = self.desk.serving
        try:
            change = await self._edit_lane.run(lambda: write(serving.store_url, asked, serving.author))
        except NewsgraphError as error:
            line, status = said(error), _status(error)
            return await self._made(
                lambda edition: (self.desk.notice(edition, "", "Nothing was written", line), status)
            )
        if change is not None:
            return await self._made(
                lambda edition: (decision_pages.preview_page(self.desk, edition, asked, change), 409)
            )
        return RedirectResponse(f"/{decision_pages.DECISIONS}", 303)

    # Shared by all of them.

    async def _made(self, make: Callable[[Edition], tuple[Made, int]]) -> Response:
        """Returns the page that ``make`` makes from the present store. An error becomes a page or a line."""

        def work() -> tuple[Made, int]:
            edition = self._editions.now()
            try:
                return make(edition)
            except StoreError:
                raise
            except NewsgraphError as error:
                return self.desk.notice(edition, "", "That can't be shown", said(error)), _status(error)

        try:
            made, status = await self._pages_lane.run(work)
        except NewsgraphError as error:
            return _words(_status(error), said(error))
        policy = f"{made.policy}; frame-ancestors 'none'"
        return HTMLResponse(made.html, status, headers={"Content-Security-Policy": policy})

    async def _form(self, request: Request) -> dict[str, list[str]] | Response:
        """Returns what a form of these pages sent, or a refusal for anything else."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return _words(415, "Only forms of ours are taken.")
        try:
            form = parse_qs((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return _words(400, "That is no form of ours.")
        if not same(form.get("csrf", [""])[0], self.desk.keys.form):
            return _words(403, "This form is not from a page of this server. Load the page again.")
        return form


def _given(request: Request) -> Given:
    try:
        return parse_qs(request.url.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _status(error: NewsgraphError) -> int:
    if isinstance(error, UnknownNameError):
        return 404
    return 503 if isinstance(error, (StoreError, TooBusyError)) else 400


def _words(status: int, words: str) -> Response:
    return PlainTextResponse(words + "\n", status)


def _file(content: bytes, ending: str, name: str) -> Response:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:80] or "answer"
    headers = {"Content-Disposition": f'attachment; filename="{plain}.{ending}"'}
    return Response(content, media_type=SAVED[ending], headers=headers)


async def _unexpected(_request: Request, error: Exception) -> Response:
    # A bug of newsgraph: the person who runs the server sees all of it, the browser one line.
    print("".join(traceback.format_exception(error)), file=sys.stderr)  # noqa: T201  # to whoever runs it
    return _words(500, f"Unexpected {type(error).__name__}. This is a bug of newsgraph; its server says more.")


async def _too_long(_request: Request, _error: Exception) -> Response:
    return _words(413, "That is more than a form of ours sends.")
