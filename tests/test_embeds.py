"""Embeds: a claim or a chart in a frame on another site, or as a quotation where there are no frames."""

import base64
import hashlib
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import html5lib
import nh3
import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from randnotiz import pages
from randnotiz.diagnostics import SourceText
from randnotiz.model import Look, Settings, Verdict
from randnotiz.model.look import ColourPair, Colours, Face, FaceFile, Measures
from tests import sample
from tests.conftest import from_npm
from tests.program import run
from tests.published import Published, published
from tests.test_hosting import matching

BODY = "In Wien stiegen die Mieten nach Angaben des Amtes um 12 Prozent.\n\n{{ chart: verlauf }}\n"
CLAIM = """
counterclaims:
- id: zu-hoch
  quote: stiegen die Mieten
  claim: {claim}
  claimed_by: Amt für <Wohnen>
  claimed_on: 2026-03
  appeared_in: [amt]
  verdict: wrong
  why: {why}
  stance: disputes
  counter: Der Anstieg lag niedriger.
  by: Mieterverein
  sources: [amt]
"""
CHART = """
charts:
- id: verlauf
  title: {title}
  subtitle: Euro im Monat
  note: "Ohne *Neubau*, siehe [dort](https://amt.example/)."
  alt: Zwei Balken.
  sources: [amt]
  data: {{rows: [{{jahr: 2024, miete: 800}}, {{jahr: 2025, miete: 900}}]}}
  vega-lite: {{mark: bar, encoding: {{x: {{field: miete, type: quantitative}}, y: {{field: jahr, type: ordinal}}}}}}
"""
PLACE = {"claim": "claims/zu-hoch", "chart": "charts/verlauf"}
ENGLISH = {"title": "Do rents rise?", "subtitle": "Euros a month", "wrong": "Refuted"}


@cache
def usual() -> Published:
    return embedded()


def embedded(
    lang: str = "de",
    claim: str = "Die Mieten seien um 12 Prozent gestiegen.",
    why: str = "Es waren 4 Prozent.",
    title: str = "Die Mieten steigen",
    settings: Settings | None = None,
) -> Published:
    quoted = json.dumps(claim, ensure_ascii=False), json.dumps(why, ensure_ascii=False)
    return published(
        BODY,
        head=f"lang: {lang}\n",
        settings=settings,
        counterclaims=CLAIM.format(claim=quoted[0], why=quoted[1]),
        charts=CHART.format(title=json.dumps(title, ensure_ascii=False)),
    )


def parsed(html: str) -> Any:
    return html5lib.parse(html, namespaceHTMLElements=False)


def page_of(one: Published, what: str) -> Any:
    return parsed(one.files[f"{PLACE[what]}/embed.html"].decode())


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def codes(one: Published, what: str) -> list[str]:
    """What an editor copies: the code for a frame, and the quotation."""
    return [area.text for area in page_of(one, what).iter("textarea")]


# ----------------------------------------------------------------------------------------------------
# What they say
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "de",
            ("„Die Mieten seien", "Behauptet von: Amt für <Wohnen>, März 2026", "Urteil: Widerlegt", "24. November"),
        ),
        ("en", ("“Die Mieten seien", "Claimed by: Amt für <Wohnen>, March 2026", "Verdict: Refuted", "November 24")),
    ],
)
def test_a_claim_says_who_said_what_and_what_became_of_it(lang: str, said: tuple[str, ...]) -> None:
    page = page_of(embedded(lang), "claim")
    shown = words(page.find(".//main"))
    for each in (*said, "Es waren 4 Prozent.", "Statistisches Amt", "Steigen die Mieten?", "A. K.", "Randnotiz"):
        assert each in shown.replace("\u00a0", " "), each
    steps = [words(step) for step in page.find(".//ol").iter("li")]
    assert steps == (["Widerlegt", "Umstritten", "Belegt"] if lang == "de" else ["Refuted", "Disputed", "Supported"])
    assert page.get("lang") == lang


def test_a_chart_has_its_pictures_its_note_and_its_sources() -> None:
    page = page_of(usual(), "chart")
    shown = words(page.find(".//main"))
    for each in ("Die Mieten steigen", "Euro im Monat", "Ohne Neubau, siehe dort.", "Quelle: Statistisches Amt"):
        assert each in shown, each
    assert len(list(page.find(".//main").iter("{http://www.w3.org/2000/svg}svg"))) == 2


@pytest.mark.parametrize(
    ("what", "place"),
    [("claim", "https://randnotiz.example/mieten/claims/zu-hoch/"), ("chart", "https://randnotiz.example/mieten/#chart-verlauf")],
)  # fmt: skip
def test_every_link_opens_a_window_of_its_own_and_one_leads_back(what: str, place: str) -> None:
    page = page_of(usual(), what)
    links = [(link.get("href"), link.get("target"), link.get("rel")) for link in page.find(".//main").iter("a")]
    assert (place, "_blank", "noopener") in links
    assert {link[1:] for link in links} == {("_blank", "noopener")}


@pytest.mark.parametrize("lang", ["ar", "he"])
def test_in_a_language_from_right_to_left_it_runs_so(lang: str) -> None:
    one = embedded(lang)
    assert page_of(one, "claim").get("dir") == "rtl"
    assert f'<figure lang="{lang}" dir="rtl">' in codes(one, "claim")[1]


# ----------------------------------------------------------------------------------------------------
# What they need
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", PLACE)
def test_it_holds_all_it_shows_and_allows_nothing_else(what: str) -> None:
    text = usual().files[f"{PLACE[what]}/embed.html"].decode()
    page = parsed(text)
    (style,) = page.iter("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    (policy,) = (one.get("content") for one in page.iter("meta") if one.get("http-equiv"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert [one.tag for one in page.iter() if one.tag in ("script", "img", "iframe", "form", "base")] == []
    assert [one for one in page.iter() if isinstance(one.tag, str) and one.get("style")] == []
    assert not re.search(r"url\((?!#)|@import", text)
    assert [link.get("href") for link in page.iter("link") if link.get("rel") == "icon"] == ["data:,"]
    assert len(text) < 15_000


def test_it_is_in_no_list_and_names_what_it_is_of() -> None:
    one = usual()
    for what, whole in (
        ("claim", "https://randnotiz.example/mieten/claims/zu-hoch/"),
        ("chart", "https://randnotiz.example/mieten/"),
    ):
        page = page_of(one, what)
        assert {"name": "robots", "content": "noindex"} in [meta.attrib for meta in page.iter("meta")]
        assert [link.get("href") for link in page.iter("link") if link.get("rel") == "canonical"] == [whole]


def test_it_has_the_colours_of_the_house_and_the_names_of_its_faces() -> None:
    look = Look(
        colours=Colours(accent=ColourPair(light=SourceText("#c8102e"), dark=SourceText("#ff8a8f"))),
        text=Face(family=SourceText("Boulevard Slab"), files=(FaceFile(file=SourceText("slab.woff2")),)),
        measures=Measures(size=SourceText("118%")),
    )
    house = pages.theme(replace(sample.settings(), theme=look), (), sample.ROOT / "templates", sample.ROOT / "static")
    style = house.files["embed.css"].content.decode()
    light, dark = style.partition("dark)")[::2]
    assert ("--accent: #c8102e;" in light, "--accent: #ff8a8f;" in dark) == (True, True)
    assert '--serif: "Boulevard Slab",Georgia' in style
    assert not re.search("@font-face|118%", style)
    assert [path for path in pages.assets(house) if "embed" in path] == []


# ----------------------------------------------------------------------------------------------------
# What leads to them
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", PLACE)
def test_the_record_is_what_oembed_asks_of_a_rich_one(what: str) -> None:
    """OEmbed 1.0, sections 2.3.4 and 2.3.4.4."""
    one = usual()
    record = one.json(f"{PLACE[what]}/oembed.json")
    assert (record["version"], record["type"], record["provider_name"]) == ("1.0", "rich", "Randnotiz")
    assert (record["provider_url"], record["author_name"]) == ("https://randnotiz.example/", "A. K.")
    assert record["html"] == codes(one, what)[0]
    frame = parsed(record["html"]).find(".//iframe").attrib
    assert frame["src"] == f"https://randnotiz.example/mieten/{PLACE[what]}/embed.html"
    assert (int(frame["width"]), int(frame["height"])) == (record["width"], record["height"])
    assert frame["title"] == record["title"] == words(page_of(one, what).find(".//h1"))
    assert (frame["loading"], frame["sandbox"]) == ("lazy", "allow-popups allow-popups-to-escape-sandbox")
    picture = [record.get(f"thumbnail_{part}") for part in ("url", "width", "height")]
    card = ["https://randnotiz.example/mieten/claims/zu-hoch/share.png", 1200, 630]
    assert picture == (card if what == "claim" else [None, None, None])


def test_the_pages_that_stand_for_one_thing_name_its_record_and_lead_to_the_code() -> None:
    one = usual()
    for path, what in (
        ("claims/zu-hoch/index.html", "claim"),
        ("claims/zu-hoch/embed.html", "claim"),
        ("charts/verlauf/embed.html", "chart"),
    ):
        links = [
            link for link in parsed(one.files[path].decode()).iter("link") if "oembed" in (link.get("type") or "")
        ]
        assert [link.get("href") for link in links] == [f"https://randnotiz.example/mieten/{PLACE[what]}/oembed.json"]
    assert "oembed" not in one.html
    assert 'href="charts/verlauf/embed.html#code"' in one.html
    assert 'href="embed.html#code"' in one.files["claims/zu-hoch/index.html"].decode()


@pytest.mark.parametrize("what", PLACE)
def test_as_a_quotation_it_says_the_same_and_leads_back(what: str) -> None:
    quotation = parsed(codes(usual(), what)[1])
    back = page_of(usual(), what).findall(".//footer//a")[0].get("href")
    assert back in [link.get("href") for link in quotation.iter("a")]
    if what == "claim":
        assert quotation.find(".//blockquote").get("cite") == back
        assert words(quotation.find(".//blockquote")) == "„Die Mieten seien um 12 Prozent gestiegen.“"
        assert "Amt für <Wohnen>, März 2026. Urteil: Widerlegt. Es waren 4 Prozent." in words(quotation)
    else:
        picture = quotation.find(".//img")
        assert picture.get("src") == "https://randnotiz.example/mieten/charts/verlauf.svg"
        assert picture.get("alt") == "Zwei Balken."
    assert quotation.find(".//figure").get("lang") == "de"


@pytest.mark.parametrize("what", PLACE)
def test_a_sanitizer_leaves_of_the_quotation_all_that_is_said_and_the_way_back(what: str) -> None:
    """Ammonia, as nh3 has it, with what it allows by default; of frames, where these are allowed."""
    frame, quotation = codes(usual(), what)
    cleaned = parsed(nh3.clean(quotation))
    before = parsed(quotation)
    assert words(cleaned) == words(before)
    kept = [(one.tag, one.get("href"), one.get("src"), one.get("cite"), one.get("alt")) for one in cleaned.iter()]
    assert kept == [
        (one.tag, one.get("href"), one.get("src"), one.get("cite"), one.get("alt")) for one in before.iter()
    ]
    attributes = {**nh3.ALLOWED_ATTRIBUTES, "iframe": {"src", "title", "width", "height", "sandbox", "loading"}}
    allowed = nh3.clean(frame, tags=nh3.ALLOWED_TAGS | {"iframe"}, attributes=attributes)
    given = parsed(frame).find(".//iframe").attrib
    assert parsed(allowed).find(".//iframe").attrib == {key: value for key, value in given.items() if key != "style"}


def test_the_next_build_takes_away_what_is_no_longer_claimed_or_shown(tmp_path: Path) -> None:
    shutil.copytree(sample.ROOT / "tests/sites/small/content", tmp_path / "content")
    folder, site = tmp_path / "content/mieten", tmp_path / "site"
    chart = CHART.format(title="Mieten").replace("verlauf\n", "verlauf\n  after: Die Mieten\n")
    (folder / "charts.yaml").write_text(chart, encoding="utf-8")
    assert run(tmp_path, "--content=content", "--output=site").returncode == 0
    there = {path.relative_to(site).as_posix() for path in site.rglob("embed.html")}
    assert there == {"mieten/claims/too-high/embed.html", "mieten/charts/verlauf/embed.html"}
    (folder / "charts.yaml").unlink()
    (folder / "counterclaims.yaml").unlink()
    assert run(tmp_path, "--content=content", "--output=site").returncode == 0
    assert [*site.rglob("embed.html"), *site.rglob("oembed.json"), *site.rglob("datapackage.json")] == []


def test_at_an_old_address_stands_what_others_show_in_frames_as_it_is_now(tmp_path: Path) -> None:
    """A frame is sandboxed, and no page leads out of it to another."""
    shutil.copytree(sample.ROOT / "tests/sites/small/content", tmp_path / "content")
    folder, site = tmp_path / "content/mieten", tmp_path / "site"
    settings, claims = tmp_path / "content/site.yaml", folder / "counterclaims.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "redirects: {alt: mieten}\n", encoding="utf-8")
    chart = CHART.format(title="Mieten").replace("verlauf\n", "verlauf\n  after: Die Mieten\n")
    for rent in ("900", "1800"):  # of which no list says anything
        (folder / "charts.yaml").write_text(chart.replace("miete: 900", f"miete: {rent}"), encoding="utf-8")
        assert run(tmp_path, "--content=content", "--output=site").returncode == 0
        for path in ("claims/too-high/embed.html", "charts/verlauf/embed.html", "charts/verlauf.svg"):
            assert (site / "alt" / path).read_bytes() == (site / "mieten" / path).read_bytes()
    claims.write_text(claims.read_text(encoding="utf-8").replace("id: too-high", "id: other"), encoding="utf-8")
    assert run(tmp_path, "--content=content", "--output=site").returncode == 0
    assert {path.relative_to(site).as_posix() for path in site.rglob("claims/*/embed.html")} == {
        "alt/claims/other/embed.html",
        "mieten/claims/other/embed.html",
    }


# ----------------------------------------------------------------------------------------------------
# In a browser
# ----------------------------------------------------------------------------------------------------

PURIFY = """([code, frames]) => DOMPurify.sanitize(
    code, frames ? {ADD_TAGS: ["iframe"], ADD_ATTR: ["sandbox", "loading"]} : {})"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("what", PLACE)
def test_dompurify_leaves_all_of_the_quotation_and_of_the_frame(browser: Browser, what: str) -> None:
    page = browser.new_page()
    page.add_script_tag(path=from_npm("dompurify", "dist", "purify.min.js"))
    frame, quotation = codes(usual(), what)
    for code, frames in ((quotation, False), (frame, True)):
        cleaned = parsed(page.evaluate(PURIFY, [code, frames]))
        assert [(one.tag, one.attrib) for one in cleaned.iter()] == [
            (one.tag, one.attrib) for one in parsed(code).iter()
        ]
        assert words(cleaned) == words(parsed(code))
    page.close()


LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
EXTREMES: Mapping[str, Callable[..., Published]] = {
    "usual": embedded,
    "short": partial(embedded, claim="Nein.", why="Doch."),
    "one long word": partial(embedded, claim=LONG * 3, why=LONG, title=LONG),
    "long": partial(embedded, claim="Die Mieten seien gestiegen. " * 20, why="Es war so. " * 10, title="Miete " * 60),
    "Japanese": partial(embedded, "ja", claim="家賃は十二パーセント上がった。" * 12, why="四パーセントだった。" * 12),
    "Arabic": partial(embedded, "ar", claim="ارتفعت الإيجارات بنسبة اثني عشر بالمئة. " * 6, why="كانت أربعة. " * 9),
    "wide letters": partial(embedded, claim="WWMM MMWW " * 20, why="MWMW " * 24, title="MMMM WWWW " * 9),
}
WIDTHS = (240, 319, 320, 360, 479, 480, 559, 560, 600, 720, 900)
MEASURED = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", EXTREMES)
def test_the_height_it_names_is_enough_at_every_width(browser: Browser, tmp_path: Path, name: str) -> None:
    verdicts = {
        key: Verdict(key=key, rank=rank, of=7, words={"de": word, "en": word})
        for rank, (key, word) in enumerate(
            [("wrong", "Frei erfunden"), ("a", "Weitgehend falsch"), ("b", "Irreführend"), ("c", "Umstritten"),
             ("d", "Ungenau"), ("e", "Größtenteils richtig"), ("f", "Belegt")], start=1)
    }  # fmt: skip
    one = EXTREMES[name](settings=replace(sample.settings(), verdicts=verdicts))
    page = browser.new_page()
    for what, place in PLACE.items():
        (tmp_path / f"{what}.html").write_bytes(one.files[f"{place}/embed.html"])
        height = one.json(f"{place}/oembed.json")["height"]
        page.goto((tmp_path / f"{what}.html").as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 100})
            high, wide = page.evaluate(MEASURED)
            assert wide <= width, (what, width)
            assert high <= height or width < 320, (what, width, high, height)
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_all_of_both_articles_fit_their_frames_and_ask_for_nothing(browser: Browser, real_site: Path) -> None:
    paths = sorted(real_site.glob("*/c*/*/embed.html"))
    assert len(paths) > 20
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in paths:
        page.goto(path.as_uri())
        height = json.loads(path.with_name("oembed.json").read_text(encoding="utf-8"))["height"]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 100})
            high, wide = page.evaluate(MEASURED)
            assert wide <= width, (path, width)
            assert high <= height or width < 320, (path, width, high, height)
    assert [one for one in asked if not one.startswith("data:")] == [path.as_uri() for path in paths]
    page.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "#code"], ids=["framed", "code"])
def test_axe_finds_nothing(browser: Browser, real_site: Path, scheme: Any, place: str) -> None:
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 320, "height": 600})
    for what in ("handbook/claims/ten-millionth", "handbook/charts/planets", "deepseek-nachgerechnet/charts/fleet"):
        page = context.new_page()
        page.goto((real_site / what / "embed.html").as_uri() + place)
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(what, one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        page.close()
    context.close()


class Hosted(SimpleHTTPRequestHandler):
    """A host that sends the headers it is given for each path."""

    def end_headers(self) -> None:
        for name, value in matching(self.path, self.server.address):  # type: ignore[attr-defined]
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two origins: a site with the headers of its `_headers`, and another that frames nothing else."""
    (tmp_path / "site").mkdir()
    (tmp_path / "paper").mkdir()
    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path / folder)))
        for handler, folder in ((Hosted, "site"), (Strict, "paper"))
    ]
    site, paper = (f"http://127.0.0.1:{server.server_port}/" for server in servers)
    for server in servers:
        server.address = site  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    one = embedded(settings=replace(sample.settings(), url=site))
    for path, content in one.files.items():
        to = tmp_path / "site" / "mieten" / path
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(content)
    frames = [codes(one, what)[0] for what in PLACE]
    refused = [f'<iframe src="{site}mieten/{path}" title="-"></iframe>' for path in REFUSED]
    html = "<!DOCTYPE html><title>Zeitung</title>" + "".join((*frames, *refused))
    (tmp_path / "paper" / "index.html").write_text(html, encoding="utf-8")
    yield site, paper
    for server in servers:
        server.shutdown()
        server.server_close()


class Strict(Hosted):
    """A host with a strict policy of its own."""

    def end_headers(self) -> None:
        policy = f"default-src 'none'; frame-src {self.server.address}"  # type: ignore[attr-defined]
        self.send_header("Content-Security-Policy", policy)
        SimpleHTTPRequestHandler.end_headers(self)


REFUSED = ("", "index.html", "single.html", "claims/zu-hoch/", "claims/zu-hoch/index.html", "charts/verlauf.svg")


@pytest.mark.slow
@pytest.mark.browser
def test_another_site_with_a_strict_policy_shows_them_and_no_other_page(
    browser: Browser, hosts: tuple[str, str]
) -> None:
    site, paper = hosts
    page: Page = browser.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(paper)
    for at, said in ((0, "Widerlegt"), (1, "Die Mieten steigen")):
        expect(page.frame_locator("iframe").nth(at).locator("main")).to_contain_text(said)
        frame = page.locator("iframe").nth(at).element_handle().content_frame()
        assert frame is not None
        assert frame.evaluate("getComputedStyle(document.querySelector('main')).borderTopStyle") == "solid"
        assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for at in range(2, 2 + len(REFUSED)):
        page.locator("iframe").nth(at).scroll_into_view_if_needed()
        frame = page.locator("iframe").nth(at).element_handle().content_frame()
        assert frame is not None
        frame.wait_for_url("chrome-error://**")
    framed = {f"{site}mieten/{path}" for path in (*(f"{one}/embed.html" for one in PLACE.values()), *REFUSED)}
    assert asked - {paper, f"{paper}favicon.ico"} == framed
    with page.expect_popup() as opened:
        page.frame_locator("iframe").nth(0).locator("footer a").click()
    expect(opened.value).to_have_url(f"{site}mieten/claims/zu-hoch/")
    assert opened.value.evaluate("opener") is None
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_the_code_is_shown_to_whoever_comes_for_it_alone(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "embed.html").write_bytes(usual().files["claims/zu-hoch/embed.html"])
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((tmp_path / "embed.html").as_uri())
    expect(page.locator("#code")).to_be_hidden()
    page.goto((tmp_path / "embed.html").as_uri() + "#code")
    expect(page.get_by_label(re.compile("Als Rahmen"))).to_be_visible()
    expect(page.get_by_label(re.compile("Als Zitat"))).to_have_attribute("readonly", "")
    page.context.close()
