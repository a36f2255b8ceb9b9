"""Feed, site map, redirects, source pages and the list of corrections, made of the lines of articles alone."""

import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser

from randnotiz import citations, pages, site
from randnotiz.diagnostics import SourceText
from randnotiz.exports import feeds, listings, moved_files
from randnotiz.index import ArticleSummary, Backlink, ClaimSummary, SourceBacklinks
from randnotiz.model import PlainPage, Source
from randnotiz.pages import Theme
from randnotiz.pages.corrections import corrections_pages
from randnotiz.pages.lists import pages as pages_of_lists
from randnotiz.pages.sources import source_pages
from randnotiz.site import building
from tests import sample
from tests.lines import leaning, line

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NAMED = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:\S+")


def theme(**fields: Any) -> Theme:
    return replace(sample.theme(), settings=replace(sample.settings(), **fields))


def files(lines: Sequence[ArticleSummary], where: Theme | None = None) -> dict[str, str]:
    where = where or theme()
    listed = [
        *pages_of_lists(reversed(lines), where),
        *corrections_pages(lines, where),
        *(page for source in source_pages(map(leaning, lines), {}) for page in source.pages(where)),
    ]
    places = [(page.path.removesuffix("index.html"), page.day) for page in listed if page.day is not None]
    made = {path: text(content) for path, content in listings(lines, places, where)}
    return made | {page.path: page.html() for page in listed if page.path.startswith("pages/")}


def text(content: bytes | Iterable[bytes]) -> str:
    return (content if isinstance(content, bytes) else b"".join(content)).decode()


def entries(feed: str) -> list[ET.Element]:
    return ET.fromstring(feed).findall(f"{ATOM}entry")


def of_articles(feed: str) -> list[ET.Element]:
    """The entries that are no corrections, whose ids have a fragment."""
    return [entry for entry in entries(feed) if "#" not in said(entry, "id")]


def said(element: ET.Element, tag: str) -> str:
    found = element.findall(f"{ATOM}{tag}")
    assert len(found) == 1, f"{len(found)} × {tag}"
    return found[0].text or ""


# ----------------------------------------------------------------------------------------------------
# Feed
# ----------------------------------------------------------------------------------------------------


def faults_of_a_feed(xml: str) -> list[str]:
    """What RFC 4287 forbids, rule by rule; a feed that cannot be parsed raises."""
    feed = ET.fromstring(xml)
    faults = [] if feed.tag == f"{ATOM}feed" else ["the document element is feed"]
    for element in (feed, *entries(xml)):
        faults += faults_of_an_element(element)
    if not feed.findall(f"{ATOM}author") and not all(one.findall(f"{ATOM}author") for one in entries(xml)):
        faults.append("the feed or every entry has an author")
    if not [one for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"]:
        faults.append("the feed says where it is")
    ids = [said(one, "id") for one in entries(xml)]
    return faults if len(ids) == len(set(ids)) else [*faults, "ids are unique"]


def faults_of_an_element(element: ET.Element) -> list[str]:
    """What it forbids in a feed or an entry alone."""
    faults = [f"exactly one {tag}" for tag in ("id", "title", "updated") if len(element.findall(f"{ATOM}{tag}")) != 1]
    for tag in ("updated", "published"):
        found = [one.text or "" for one in element.findall(f"{ATOM}{tag}")]
        faults += [f"{tag} is an instant" for moment in found if not MOMENT.fullmatch(moment)]
    if not re.match(r"[a-z]+:\S+$", element.findtext(f"{ATOM}id") or ""):
        faults.append("an id is an IRI")
    kinds = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in element.findall(f"{ATOM}link")]
    return faults if len(kinds) == len(set(kinds)) else [*faults, "no two links of one type and language"]


def test_the_feed_of_the_real_site_keeps_the_rules(real_site: Path) -> None:
    feed = (real_site / "feed.xml").read_text(encoding="utf-8")
    assert faults_of_a_feed(feed) == []
    assert entries(feed)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_feed_of_any_number_of_articles_keeps_the_rules(count: int) -> None:
    assert faults_of_a_feed(files([line(f"mieten-{number}") for number in range(count)])["feed.xml"]) == []


def test_the_rules_notice_what_is_wrong() -> None:
    feed = files([line("mieten", corrections=())])["feed.xml"]
    assert faults_of_a_feed(feed.replace("<updated>2026-11-23T00:00:00Z", "<updated>gestern")) == [
        "updated is an instant",
        "updated is an instant",
    ]


def test_an_article_has_a_name_that_outlives_its_address() -> None:
    before = of_articles(files([line("mieten")])["feed.xml"])
    moved = theme(redirects={"mieten": SourceText("rents")})
    after = of_articles(files([line("rents")], moved)["feed.xml"])
    assert said(before[0], "id") == said(after[0], "id") == "tag:randnotiz.example,2026-11-23:/mieten/"
    assert NAMED.fullmatch(said(after[0], "id"))


def test_an_article_renamed_twice_keeps_its_first_name() -> None:
    """Whether it is on record as an address or only as where a redirect begins, and whatever the alphabet says."""
    redirects = {"mieten": SourceText("rents"), "alte-mieten": SourceText("rents")}
    addresses = (SourceText("mieten"), SourceText("alte-mieten"), SourceText("rents"))
    for settings in (
        {"redirects": redirects},
        {"redirects": dict(reversed(redirects.items())), "addresses": addresses},
    ):
        (entry,) = of_articles(files([line("rents")], theme(**settings))["feed.xml"])
        assert said(entry, "id") == "tag:randnotiz.example,2026-11-23:/mieten/"


def test_an_article_to_which_that_of_a_deleted_one_leads_keeps_its_name() -> None:
    settings = {
        "redirects": {"wohnen": SourceText("mieten")},
        "addresses": (SourceText("mieten"), SourceText("wohnen")),
    }
    (entry,) = of_articles(files([line("mieten")], theme(**settings))["feed.xml"])
    assert said(entry, "id") == "tag:randnotiz.example,2026-11-23:/mieten/"


def test_a_correction_is_a_change_and_is_told() -> None:
    one = line("mieten", updated="2026-11-26", changes=(("2026-11-26", "Der <Name> fehlte.", "n-amt"),))
    (entry,) = of_articles(files([one])["feed.xml"])
    assert said(entry, "published") == "2026-11-23T00:00:00Z"
    assert said(entry, "updated") == "2026-11-26T00:00:00Z"
    content = html5lib.parseFragment(said(entry, "content"), namespaceHTMLElements=False)
    assert [" ".join("".join(one.itertext()).split()) for one in content.iter("p")] == [
        "Ein Bericht, nachgerechnet.",
        "Korrigiert am 26. November 2026. Der <Name> fehlte.",
        "Korrigiert am 24. November 2026. Eine Jahreszahl war falsch.",
    ]


def test_a_correction_is_an_entry_of_its_own_at_its_place() -> None:
    corrections = (("2026-11-26", "Zweitens."), ("2026-11-26", "Drittens."), ("2026-11-24", "Erstens <b>."))
    one = line(
        "mieten", updated="2026-11-26", corrections=corrections, changes=(("2026-11-25", "Der Name.", "n-straße"),)
    )
    found = files([one])["feed.xml"]
    assert faults_of_a_feed(found) == []
    told = [entry for entry in entries(found) if "#" in said(entry, "id")]
    name = "tag:randnotiz.example,2026-11-23:/mieten/#"
    top = "https://randnotiz.example/mieten/#"
    links = [entry.findall(f"{ATOM}link")[0].get("href") for entry in told]
    assert [
        (said(entry, "id"), link, said(entry, "updated")[:10], said(entry, "summary"))
        for entry, link in zip(told, links, strict=True)
    ] == [
        (f"{name}corrections-2026-11-26-2", f"{top}corrections", "2026-11-26", "Drittens."),
        (f"{name}corrections-2026-11-26", f"{top}corrections", "2026-11-26", "Zweitens."),
        (f"{name}n-stra%C3%9Fe-2026-11-25", f"{top}n-stra%C3%9Fe", "2026-11-25", "Der Name."),
        (f"{name}corrections-2026-11-24", f"{top}corrections", "2026-11-24", "Erstens <b>."),
    ]
    assert said(told[0], "title") == "Korrigiert am 26. November 2026: Steigen die Mieten?"


def test_a_correction_keeps_its_id_when_another_follows_and_when_the_article_moves() -> None:
    def ids(slug: str, corrections: tuple[tuple[str, str], ...], **settings: Any) -> set[str]:
        feed = files([line(slug, corrections=corrections)], theme(**settings))["feed.xml"]
        return {said(entry, "id") for entry in entries(feed)}

    first = ("2026-11-24", "Eine Jahreszahl war falsch.")
    before = ids("mieten", (first,))
    assert before < ids("mieten", (("2026-11-25", "Noch eine."), first, ("2026-11-24", "Und noch eine.")))
    assert before == ids("rents", (first,), redirects={"mieten": SourceText("rents")})


def test_a_site_of_one_language_has_one_feed_and_one_of_several_one_for_each() -> None:
    assert [path for path in files([line("mieten"), line("rents", lang="en", draft=True)]) if "feed" in path] == [
        "feed.xml"
    ]
    found = files([line("mieten", lang="de-AT"), line("rents", lang="en"), line("wohnen")])
    names = {path: {said(entry, "id") for entry in of_articles(found[path])} for path in found if "feed" in path}
    of = "tag:randnotiz.example,2026-11-23:/{}/".format
    assert names == {
        "feed.xml": {of("mieten"), of("rents"), of("wohnen")},
        "feed.de.xml": {of("mieten"), of("wohnen")},
        "feed.en.xml": {of("rents")},
    }
    assert len({said(ET.fromstring(found[path]), "id") for path in names}) == 3


def test_whole_texts_are_in_a_feed_while_there_is_room() -> None:
    many = [line(f"artikel-{day:02}", published=f"2026-11-{day:02}", corrections=()) for day in range(1, 6)]
    whole = f"<p>{'Wort ' * (feeds.MOST_TEXT // 15)}</p>"
    (feed,) = [text(content) for path, content in listings(many, [], theme(), lambda _: whole) if path == "feed.xml"]
    assert [whole in said(entry, "content") for entry in entries(feed)] == [True, True, False, False, False]


def test_what_changed_last_comes_first_and_only_the_newest_are_in_the_feed() -> None:
    many = [line(f"artikel-{day:02}", updated=f"2026-11-{day:02}", published="2026-10-01") for day in range(1, 31)]
    many += [line(f"alt-{number}", published="2020-01-01", updated="") for number in range(40)]
    found = entries(files(many)["feed.xml"])
    assert len(found) == feeds.NEWEST
    assert said(found[0], "id").endswith("/artikel-30/")


def test_drafts_are_in_no_list() -> None:
    found = files([line("mieten", draft=True, published="")])
    assert all("mieten" not in content for content in found.values())


def test_a_hostile_title_is_only_a_title() -> None:
    hostile = "</title><script>alert(1)</script> & ]]> \x07"
    found = files([line("mieten", title=hostile, summary=hostile)], theme(title=SourceText(hostile)))
    feed = ET.fromstring(found["feed.xml"])
    assert said(feed, "title") == hostile.removesuffix("\x07")
    assert said(of_articles(found["feed.xml"])[0], "title") == hostile.removesuffix("\x07")
    assert not list(feed.iter(f"{ATOM}script"))


# ----------------------------------------------------------------------------------------------------
# Site map
# ----------------------------------------------------------------------------------------------------


def test_the_site_map_lists_every_page_with_the_day_of_its_last_change() -> None:
    one = line("mieten", updated="2026-11-24")
    page = PlainPage(
        slug="impressum", path="pages/impressum.md", title=SourceText("Impressum"), lang="de", body=SourceText("Wir.")
    )
    where = replace(theme(), plain_pages=(page,))
    found = {
        url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod")
        for url in ET.fromstring(files([one], where)["sitemap.xml"])
    }
    top = "https://randnotiz.example/"
    assert found == {
        top: "2026-11-24",
        f"{top}topics/": None,
        f"{top}topics/wohnen/": "2026-11-24",
        f"{top}claims/": "2026-11-24",
        f"{top}claims/no.verdict/": "2026-11-24",
        f"{top}mieten/": "2026-11-24",
        f"{top}mieten/claims/zwoelf-prozent/": "2026-11-24",
        f"{top}sources/amt/": "2026-11-24",
        f"{top}pages/impressum/": None,
        f"{top}pages/corrections/": "2026-11-24",
    }


def test_every_page_in_the_real_site_map_is_there_and_every_page_is_in_it(real_site: Path) -> None:
    urls = [url.findtext(f"{SITEMAP}loc") or "" for url in ET.fromstring((real_site / "sitemap.xml").read_bytes())]
    listed = {unquote(url.removeprefix("https://example.org/")) + "index.html" for url in urls}
    there = {path.relative_to(real_site).as_posix() for path in real_site.rglob("index.html")}
    assert listed == {path for path in there if not path.startswith("search/")}


def test_more_addresses_than_one_site_map_may_have_are_spread_over_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_ADDRESSES", 3)
    places = [(f"artikel-{number}/", "") for number in range(7)]
    found = {path: text(content) for path, content in feeds.site_maps(places, theme())}
    assert sorted(found) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]
    names = [one.findtext(f"{SITEMAP}loc") for one in ET.fromstring(found["sitemap.xml"])]
    assert names == [f"https://randnotiz.example/sitemap-{number}.xml" for number in (1, 2, 3)]
    assert len(ET.fromstring(found["sitemap-3.xml"])) == 1


def test_robots_may_read_everything_and_learn_where_the_site_map_is() -> None:
    assert files([])["robots.txt"].splitlines() == [
        "User-agent: *",
        "Allow: /",
        "",
        "Sitemap: https://randnotiz.example/sitemap.xml",
    ]


# ----------------------------------------------------------------------------------------------------
# What has moved
# ----------------------------------------------------------------------------------------------------


def test_an_old_address_leads_to_the_new_one_without_script() -> None:
    found = files([line("rents")], theme(redirects={"mieten": SourceText("rents")}))
    page = html5lib.parse(found["mieten/index.html"], namespaceHTMLElements=False)
    refresh = next(meta for meta in page.iter("meta") if meta.get("http-equiv") == "refresh")
    assert refresh.get("content") == "0; url=../rents/index.html"
    canonical = next(link for link in page.iter("link") if link.get("rel") == "canonical")
    assert canonical.get("href") == "https://randnotiz.example/rents/"
    assert "../rents/index.html" in [a.get("href") for a in page.find(".//main").iter("a")]


def test_the_pages_of_its_claims_move_with_an_article() -> None:
    claims = (ClaimSummary(id="a", claim="A.", verdict="wrong"), ClaimSummary(id="b", claim="B.", verdict=None))
    found = files([line("rents", claims=claims)], theme(redirects={"mieten": SourceText("rents")}))
    assert "url=../../../rents/claims/a/index.html" in found["mieten/claims/a/index.html"]
    assert "mieten/claims/b/index.html" not in found


def test_what_others_show_in_frames_moves_with_an_article() -> None:
    claims = (ClaimSummary(id="a", former="alt", claim="A.", verdict="wrong"),)
    moved = line("rents", claims=claims, charts=("c",))
    settings = theme(redirects={"mieten": SourceText("rents")}).settings
    folders = ("claims/a", "claims/alt", "charts/c")
    below = [*(f"{one}/{name}" for one in folders for name in ("embed.html", "oembed.json")), "charts/c.svg"]
    assert dict(moved_files([moved, line("loehne")], settings)) == {f"mieten/{one}": f"rents/{one}" for one in below}


# ----------------------------------------------------------------------------------------------------
# Corrections
# ----------------------------------------------------------------------------------------------------


def corrections(lines: Sequence[ArticleSummary], where: Theme) -> Any:
    return html5lib.parse(files(lines, where)["pages/corrections/index.html"], namespaceHTMLElements=False)


def test_every_correction_is_listed_newest_first_and_leads_to_what_it_is_about() -> None:
    one = line("mieten", changes=(("2026-11-26", "Der Name fehlte.", "n-amt"),))
    main = corrections([one], theme()).find(".//main")
    assert [time.get("datetime") for time in main.iter("time")] == ["2026-11-26", "2026-11-24"]
    assert [a.get("href") for a in main.iter("a")] == [
        "../../mieten/index.html#n-amt",
        "../../mieten/index.html#corrections",
    ]


def test_without_corrections_the_list_says_so() -> None:
    words = "".join(corrections([line("mieten", corrections=())], theme()).find(".//main").itertext())
    assert "Bisher war nichts zu korrigieren." in words


def test_the_list_leads_to_the_policy_and_keeps_the_policy_of_all_pages() -> None:
    page = corrections([], theme(policies={"corrections": SourceText("korrekturen")}))
    assert "../../pages/korrekturen/index.html" in [a.get("href") for a in page.find(".//main").iter("a")]
    policy = next(meta for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy.get("content") == pages.POLICY


def test_a_plain_page_of_the_same_name_stands_above_the_list() -> None:
    page = PlainPage(
        slug="corrections",
        path="pages/corrections.md",
        title=SourceText("Corrections"),
        lang="en",
        body=SourceText("We err."),
    )
    found = corrections([line("mieten")], replace(theme(), plain_pages=(page,)))
    words = "".join(found.find(".//main").itertext())
    assert words.index("We err.") < words.index("Eine Jahreszahl war falsch.")
    assert found.find(".//h1").text == "Corrections"


# ----------------------------------------------------------------------------------------------------
# Sources
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "folder"),
    [
        ("amodei2025", "amodei2025"),
        ("smith_DeepSeek.2025", "smith_DeepSeek.2025"),
        ("10.1000/182", "10.1000-182-"),
        ("semianalysis 2025", "semianalysis-2025-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("..", ""),
        ("Müller", "M-ller-"),
        ("a" * 200, "a" * 80 + "-"),
        ("ends.", "ends-"),
    ],
)
def test_a_source_has_a_folder_that_every_disk_takes(id: str, folder: str) -> None:
    found = citations.folder(id)
    assert re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", found)
    assert found == id if folder == id else re.fullmatch(rf"{re.escape(folder)}[0-9a-f]{{6}}", found)


def test_ids_that_look_alike_have_folders_of_their_own() -> None:
    ids = ["a b", "a-b", "a/b", "a  b", "a_b", "a.b", "A-B"]
    assert len({citations.folder(id) for id in ids}) == len(ids)


SHARED = Source(id=SourceText("amt"), csl={"id": "amt", "type": "report", "title": "Mietspiegel"}, shared=True)


def test_a_shared_source_shows_every_article_that_leans_on_it() -> None:
    lines = [line("mieten"), line("wohnen", title="Wo wohnen?")]
    (source,) = source_pages(map(leaning, lines), {"amt": SHARED})
    (page,) = source.pages(theme())
    found = html5lib.parse(page.html(), namespaceHTMLElements=False).find(".//main")
    assert page.path == "sources/amt/index.html"
    assert [a.get("href") for a in found.iter("a")] == [
        "../../mieten/index.html",
        "../../mieten/index.html#n-amt",
        "../../wohnen/index.html",
        "../../wohnen/index.html#n-amt",
    ]
    assert "„um 12 Prozent“" in "".join(found.itertext())


def test_two_works_that_share_an_id_stand_apart_on_its_page() -> None:
    one = leaning(line("mieten"), description='{"id":"amt","type":"report","title":"Mietspiegel"}')
    other = leaning(line("wohnen"), description='{"id":"amt","type":"book","title":"Das Amt"}')
    (source,) = source_pages([one, other], {})
    (page,) = source.pages(theme())
    main = html5lib.parse(page.html(), namespaceHTMLElements=False).find(".//main")
    words = "".join(main.itertext())
    assert words.index("Mietspiegel") < words.index("Mieten?") < words.index("Das Amt")


def test_the_state_of_a_source_page_tells_what_it_says() -> None:
    def digest(backlinks: SourceBacklinks) -> str:
        (source,) = source_pages([backlinks], {"amt": SHARED})
        (page,) = source.pages(theme())
        return page.digest

    use = Backlink(note="n-amt", passage="um 13 Prozent")
    same = leaning(line("mieten", summary="Anders."))
    assert digest(leaning(line("mieten"))) == digest(same) != digest(leaning(line("mieten"), uses=(use,)))


def test_a_source_page_shows_sentences_by_what_the_source_does_there() -> None:
    uses = (
        Backlink(note="n-a", passage="neun Prozent", before="Es waren ", after=".", kind="Beleg"),
        Backlink(note="n-b", passage="zwölf", kind="Widerspruch", use="against"),
        Backlink(note="n-c", passage="acht", kind="Zustimmung"),
        Backlink(note="source-amt", passage="", kind="Quelle", use="context"),
    )
    (source,) = source_pages([leaning(line("mieten"), uses=uses)], {"amt": SHARED})
    (page,) = source.pages(theme())
    found = html5lib.parse(page.html(), namespaceHTMLElements=False).find(".//section")
    said = [" ".join("".join(one.itertext()).split()) for one in found.iter() if one.tag in ("h3", "li")]
    assert said == [
        *("Steht dahinter", "Es waren neun Prozent. Beleg", "„acht“ Zustimmung"),
        *("Spricht dagegen oder schränkt ein", "„zwölf“ Widerspruch", "Zum Zusammenhang", "Quelle"),
    ]


def test_a_source_page_is_written_again_when_a_passage_changes_and_only_then(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(sample.ROOT / "tests" / "sites" / "small" / "content", content)
    folders = site.SitePaths(
        content=content,
        templates=sample.ROOT / "templates",
        static=sample.ROOT / "static",
        output=tmp_path / "site",
        cache=tmp_path / "cache",
    )
    page = tmp_path / "site" / "sources" / "amt" / "index.html"

    def built() -> tuple[int, str]:
        assert not building.build(folders, site.BuildOptions()).stopped
        return page.stat().st_ino, page.read_text(encoding="utf-8")

    first = built()
    assert built() == first
    article = content / "mieten" / "article.md"
    renamed = article.read_text(encoding="utf-8").replace("title: ", "title: Neu – ", 1)
    article.write_text(renamed, encoding="utf-8")
    inode, html = built()
    assert inode != first[0]
    assert "Neu – " in html


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_an_old_address_leads_to_the_passage_that_somebody_quoted(
    browser: Browser, tmp_path: Path, script: bool
) -> None:
    """Without script it leads to the article, from the disk as from a server."""
    content = tmp_path / "content"
    shutil.copytree(sample.ROOT / "tests" / "sites" / "small" / "content", content)
    with (content / "site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("redirects: {wohnen: mieten}\n")
    folders = site.SitePaths(
        content=content,
        templates=sample.ROOT / "templates",
        static=sample.ROOT / "static",
        output=tmp_path / "site",
        cache=tmp_path / "cache",
    )
    assert not building.build(folders, site.BuildOptions()).stopped
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{(tmp_path / 'site' / 'wohnen' / 'index.html').as_uri()}#n-rise")
    new = (tmp_path / "site" / "mieten" / "index.html").as_uri()
    page.wait_for_url(f"{new}#n-rise" if script else new)
    context.close()
