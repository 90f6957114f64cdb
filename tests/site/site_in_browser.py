"""The documentation site in a real browser; `make test-site` builds the site and runs this.

With SITE_PICTURES=FOLDER it also writes a picture of each page, as on a desk and as on a telephone.
"""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urldefrag

import browser
import pytest

SITE = Path(__file__).parents[2] / "build" / "site"
DESK, TELEPHONE = (1280, 900), (390, 844)
# What a reader types, and the page that must be among the first that the search finds.
QUERIES = {
    "callback": "callbacks.html",
    "derived type": "types.html",
    "stop-raises": "stops.html",
    "install_import_hook": "reference/python.html",
    "F2PYPY_CACHE_DIR": "reference/environment.html",
    "hatchling": "packages.html",
}
LINKS = "[...document.links].map(link => link.href)"
PLACES = "[...document.querySelectorAll('[id]')].map(element => element.id)"
PICTURES = (
    "[...document.images].filter(i => !(i.complete && i.naturalWidth)).map(i => i.src)"
)
IS_SEARCH_PAGE = (
    "location.pathname.endsWith('/search.html') && document.readyState === 'complete'"
)
IS_FINISHED = "/finished|did not match/i.test(document.querySelector('.search-summary')?.innerText)"
WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"
FOUND = "[...document.querySelectorAll('#search-results li > a, .search li > a')].map(a => a.href)"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site."""
    assert SITE.joinpath("index.html").exists(), "`make docs` builds the site"
    handler = partial(Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Browser]:
    program = browser.find()
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(browser.NAMES)} is on PATH")
    opened = browser.Browser(program)
    yield opened
    opened.close()


def pages() -> list[str]:
    found = SITE.rglob("*.html")
    return sorted(p.relative_to(SITE).as_posix() for p in found if "_static" not in p.parts)  # fmt: skip


def photograph(chromium: browser.Browser, page: str, suffix: str) -> None:
    folder = os.environ.get("SITE_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        name = f"{page.removesuffix('.html').replace('/', '-')}-{suffix}.png"
        chromium.photograph(Path(folder, name))


def test_every_page_loads_and_every_link_leads_somewhere(chromium, site):
    chromium.resize(*DESK)
    links: dict[str, set[str]] = {}
    places: dict[str, set[str]] = {}
    faults = []
    for page in pages():
        chromium.open(site + page)
        links[page] = {link for link in chromium.value(LINKS) if link.startswith(site)}
        places[page] = {"", *chromium.value(PLACES)}
        faults += [f"{page}: no picture {each}" for each in chromium.value(PICTURES)]
        faults += [f"{page}: {each}" for each in chromium.complaints()]
        photograph(chromium, page, "desk")
    for page, targets in links.items():
        for target in targets:
            address, place = urldefrag(target.removeprefix(site))
            address = address.partition("?")[0] or "index.html"
            if not SITE.joinpath(address).exists():
                faults.append(f"{page}: no page {target}")
            elif address in places and unquote(place) not in places[address]:
                faults.append(f"{page}: no place {target}")
    assert len(links) > 15
    assert sum(map(len, links.values())) > 300
    assert faults == []


def test_no_page_is_wider_than_a_telephone(chromium, site):
    chromium.resize(*TELEPHONE)
    too_wide = {}
    for page in pages():
        chromium.open(site + page)
        width, screen = chromium.value(WIDTHS)
        if width > screen:
            too_wide[page] = width
        photograph(chromium, page, "telephone")
    assert too_wide == {}


def test_the_search_finds_pages(chromium, site):
    chromium.resize(*DESK)
    for query, page in QUERIES.items():
        chromium.open(site + "index.html")
        chromium.value("document.querySelector('.search-button__button, .search-button').click()")  # fmt: skip
        chromium.wait_for("document.activeElement.name === 'q'")
        chromium.type(query)
        chromium.press("Enter", 13, "\r")
        chromium.wait_for(IS_SEARCH_PAGE)
        chromium.wait_for(IS_FINISHED)
        found = chromium.value(FOUND)
        first = [urldefrag(each.removeprefix(site))[0].partition("?")[0] for each in found]  # fmt: skip
        assert page in first[:8], (query, first)
        assert chromium.complaints() == []
    photograph(chromium, "search", "results")


def test_what_is_nowhere_is_not_found(chromium, site):
    chromium.open(site + "search.html?q=xyzzyplugh")
    chromium.wait_for(IS_FINISHED)
    assert chromium.value(FOUND) == []
