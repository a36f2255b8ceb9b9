"""The command line: one short function per command."""

import argparse
import contextlib
import difflib
import errno
import json
import os
import re
import shlex
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO, TypeAlias

from msgspec.structs import replace

from randnotiz import __version__, colours, earlier, reader, shipped, site, slugs, starter, terminal, yamldoc
from randnotiz.codes import Status
from randnotiz.diagnostics import (
    ContentError,
    Diagnostic,
    Position,
    SourceText,
    as_github,
    as_json,
    as_text,
    did_you_mean,
)
from randnotiz.formulas import units_list
from randnotiz.model import Coverage, Source, look
from randnotiz.schema import fields
from randnotiz.shipped import shown
from randnotiz.site.articles import ArticleResult
from randnotiz.site.machine import MachineError

WORD = (".docx", ".docm", ".doc", ".dotx", ".odt", ".rtf")  # what is a text with comments, or refused as one
PREVIEW = ".cache/preview"  # not site/: what is copied from there to a host must hold no drafts

if TYPE_CHECKING:
    from randnotiz import editing
    from randnotiz.editing.writing import Signature


def main(words: Sequence[str], home: Path | None = None, program: str = "randnotiz") -> Status:
    """The exit status of a command line (docs/format.md, section 9).

    `home` is the folder of the site, in which content/, templates/, static/, site/ and .cache/ lie; without one it is
    that around what --content names, or else the nearest with a content/site.yaml, from the current folder upwards.
    """
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words = ["build", *words]
    found = home or _home_around(_current())
    parser = arguments(found or _current(), program)
    options = parser.parse_args(words)
    if home is None and getattr(options, "content", None) is not None:
        options.home = Path(os.path.abspath(options.content)).parent  # noqa: PTH100 - which follows no link
    if wrong := _settled(options, found):
        parser.error(wrong)
    command: Callable[[argparse.Namespace], Status] = options.run
    try:
        return command(options)
    except MachineError as refusal:
        return _refused(options, str(refusal))
    except BrokenPipeError:
        # Whoever read what was printed has heard enough (`build.py check | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.DONE
    except OSError as error:
        hint = "; raise the limit, as with 'ulimit -n 1024'" if error.errno == errno.EMFILE else ""
        return _refused(options, f"{error.strerror or error}: {error.filename or ''}".rstrip(": ") + hint)
    except KeyboardInterrupt:
        print("interrupted; every file in the site is whole", file=sys.stderr)
        return Status.INTERRUPTED
    except ImportError:  # of what is loaded late; whoever started this knows what that means
        raise
    # Whatever else arrives here is our own bug: the one place where everything is caught, to say so with its trace.
    except Exception:
        import traceback  # which nothing else needs

        traceback.print_exc()
        print("This is a bug in Randnotiz, not in your content.", file=sys.stderr)
        return Status.BUG


def _settled(options: argparse.Namespace, home: Path | None) -> str | None:
    """Fills in the folders that were not named; what is wrong with them, if anything is."""
    if getattr(options, "units", False):  # which are printed anywhere
        return None
    if "content" in options and options.content is None:
        if home is None:
            near = next((path for path in Path("content").glob("[Ss][Ii][Tt][Ee].[Yy]*ml")), None)
            aside = f" ({near.as_posix()} must be called site.yaml)" if near else ""
            ways = "'init FOLDER' makes a site, --content names one"
            return f"no content/site.yaml in this folder or above it{aside}; {ways}"
        options.content = home / "content"
    if "output" in options and options.output is None:
        options.output = options.home / options.folder
    for name in shipped.FOLDERS:
        if name in options and getattr(options, name) is None:
            setattr(options, name, options.home / name)
        elif name in options and not getattr(options, name).is_dir():
            return f"argument --{name}: there is no folder {shown(getattr(options, name))}"
    return _clash(options) if "output" in options else None


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        print("the folder in which you are has been deleted; change into another", file=sys.stderr)
        raise SystemExit(Status.REFUSED) from None


def _home_around(folder: Path) -> Path | None:
    """The nearest folder with a site's settings, from a folder upwards; or with content that may not be read."""
    for home in (folder, *folder.parents):
        content = home / "content"
        if os.path.isfile(content / "site.yaml") or (os.path.isdir(content) and not os.access(content, os.X_OK)):  # noqa: PTH112, PTH113 - Path raises
            return home
    return None


def _refused(options: argparse.Namespace, words: object, status: Status = Status.REFUSED) -> Status:
    """The status of a command that is refused, once it is said why."""
    with contextlib.suppress(OSError):  # where errors are written to a full disk, too
        print(f"{options.program}: {words}", file=sys.stderr)
    return status


def build(options: argparse.Namespace) -> Status:
    """Reads content/, writes site/."""
    from randnotiz.site import building  # pages and exports, which a check can do without

    with terminal.progress(sys.stderr) as on_progress:
        outcome = building.build(_folders(options), _choices(options), on_progress)
    _report(options, outcome.diagnostics, sys.stderr)
    for path in outcome.foreign:
        print(f"left alone, not written by a build: {path}", file=sys.stderr)
    _compare_versions(options, outcome)
    if outcome.stopped:
        print(f"{_count(outcome.diagnostics)}{_strictly(options, outcome)}; nothing was written", file=sys.stderr)
        return Status.FAULTS
    built = f"{outcome.built} built, {outcome.files} files in {shown(options.output)}"
    print(f"{_counted(outcome.articles, 'article')}, {built}", file=sys.stderr)
    return Status.DONE


def check(options: argparse.Namespace) -> Status:
    """All faults and warnings; no page is written."""
    if options.units:
        print(units_list())
        return Status.DONE
    if options.slug and _is_nowhere(options, site.article_slugs(options.content)):
        return Status.USAGE
    options.drafts = options.drafts or options.slug is not None  # whoever names one asks after it as it is
    options.ahead = options.as_of is None  # without the option it is plain `build` that is checked
    options.as_of = options.as_of or _today()
    coverages: dict[str, Coverage] = {}
    sources: list[Source] = []
    undrawn = 0

    def on_article(result: ArticleResult) -> None:
        nonlocal undrawn
        undrawn += result.undrawn
        if options.coverage and result.coverage is not None:
            coverages[result.slug] = result.coverage
        if options.links:
            sources.extend(result.sources)

    with terminal.progress(sys.stderr) as on_progress:
        outcome = site.check(_folders(options), _choices(options), on_article, on_progress, options.slug)
    if options.links:
        outcome = _with_dead_links(outcome, sources, options)
    _report(options, outcome.diagnostics, sys.stdout)
    _compare_versions(options, outcome)
    if options.format == "text":
        for slug, coverage in coverages.items():
            print(f"\n{slug}: {coverage.as_text(partial(_place, options.content))}")
        found = f"{_count(outcome.diagnostics)}{_strictly(options, outcome)}"
        print(f"{_counted(outcome.articles, 'article')}: {found}", file=sys.stderr)
    if undrawn:
        what = f"{_counted(undrawn, 'chart')} {'was' if undrawn == 1 else 'were'}"
        print(f"{what} not drawn (--no-draw), so what is wrong with them may be missing", file=sys.stderr)
    return Status.FAULTS if outcome.stopped else Status.DONE


def _compare_versions(options: argparse.Namespace, outcome: site.BuildResult) -> None:
    """Prints that the site names another version than this, with its place: for GitHub as it marks a line."""
    named = outcome.made_with
    if named in ("", __version__):
        return
    changed = f"{shipped.folder('docs') / 'upgrading.md'} says what has changed, 'theme list' of which files"
    older = _release(__version__) < _release(named)
    what = "update this, with pip install -U" if older else changed
    words, at = f"made_with {named}, this is {__version__}: {what}", named.position
    if getattr(options, "format", "") == "github":
        place = _in_repository(options.content, at.path)
        print(f"::warning file={place},line={at.line},col={at.column}::{words}")
    else:
        print(f"{_place(options.content, at.path)}:{at.line}:{at.column}: {words}", file=sys.stderr)


def _release(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _with_dead_links(
    outcome: site.BuildResult, sources: Sequence[Source], options: argparse.Namespace
) -> site.BuildResult:
    """The same outcome once every address of a source has been asked whether it still answers."""
    from randnotiz import links  # network libraries, which nothing else needs

    cache = None if options.clean else options.home / ".cache"
    with terminal.progress(sys.stderr, "addresses") as on_progress:
        diagnostics = outcome.diagnostics + links.check(sources, cache, on_progress)
    return replace(outcome, diagnostics=diagnostics, stopped=site.stops(diagnostics, _choices(options)))


def preview(options: argparse.Namespace) -> Status:
    """Builds, serves on the loopback, and shows every change as it is saved."""
    from randnotiz import preview  # the server's libraries take a tenth of a second that no other command should pay

    options.as_of = options.as_of or _today()
    options.drafts, options.format = True, "text"
    preview.serve(
        _folders(options),
        _choices(options),
        options.port,
        options.open,
        report=lambda diagnostics: _report(options, diagnostics, sys.stderr),
        log=lambda words: print(words, file=sys.stderr),
        sign=_signing(options, options.content),
    )
    return Status.DONE


def _signing(options: argparse.Namespace, content: Path) -> "Callable[[], Signature]":
    """What is written down of who annotates: the `--editor`, or whom git knows in the folder of content."""
    name = earlier.committer(content) if options.editor is None else options.editor
    name = "" if yamldoc.UNPRINTABLE.search(name) else " ".join(name.split())[: fields.LONGEST_LINE]
    return lambda: {"author": name or None, "created": _today().isoformat()}


def lsp(options: argparse.Namespace) -> Status:
    """Serves an editor over standard input and output."""
    from randnotiz import lsp  # an extra

    def site_around(folder: Path) -> "tuple[site.SitePaths, site.BuildOptions, Callable[[], Signature]]":
        options.home = _home_around(folder.absolute()) or options.home
        words = ["preview", "--content", str(options.named or options.home / "content")]
        of_preview = arguments(options.home, options.program).parse_args(words)
        _settled(of_preview, options.home)
        of_preview.as_of, of_preview.drafts = _today(), True
        return _folders(of_preview), _choices(of_preview), _signing(options, of_preview.content)

    lsp.serve(site_around)
    return Status.DONE


def new(options: argparse.Namespace) -> Status:
    """A new article folder with commented examples of every file."""
    try:
        paths = starter.new(options.content, options.slug, _today())
    except FileExistsError:
        return _refused(options, f"{shown(options.content / options.slug)} is there already", Status.USAGE)
    for path in paths:
        print(shown(path))
    return Status.DONE


def init(options: argparse.Namespace) -> Status:
    """A new site: asks for what was not given, where there is somebody to ask."""
    around = _home_around(options.folder.resolve())
    if around and options.folder.resolve().is_relative_to(around / "content"):
        return _refused(options, f"{shown(options.folder)} lies within the content of another site", Status.USAGE)
    answers = _answers(options)
    schemas = {name: _schema_text(schema) for name, schema in reader.json_schemas().items()}
    try:
        paths = starter.site(options.folder, answers, schemas, _today())
    except FileExistsError as error:
        return _refused(options, f"{shown(Path(str(error.filename)))} is there already", Status.USAGE)
    for path in paths:
        print(shown(path))
    if answers.lang.partition("-")[0].lower() not in ("de", "en"):
        print(
            f"the comments and the first article are in English; none are there in '{answers.lang}'", file=sys.stderr
        )
    if (near := starter.on_paper(answers.accent)) != answers.accent:
        print(f"'{answers.accent}' cannot be read on light paper: '{near}' is the nearest that can", file=sys.stderr)
    if not answers.engine:
        print("no workflows: --engine names what pip installs Randnotiz from", file=sys.stderr)
    for kept in {options.folder / name for name in starter.THEIRS} - set(paths):
        ours = " (site/ and .cache/ should stand in it)" if kept.name == ".gitignore" else ""
        print(f"left as it is: {shown(kept)}{ours}", file=sys.stderr)
    folder = shlex.quote(shown(options.folder))
    enter = "" if folder == "." else f"cd {'./' if folder.startswith('-') else ''}{folder} && "
    print(f"next: {enter}{options.program} preview --open", file=sys.stderr)
    return Status.DONE


def _answers(options: argparse.Namespace) -> starter.Answers:
    """What a new site begins with; prints what nobody has said."""
    assumed: list[str] = []

    def answer(option: str, question: str, otherwise: str, read: Callable[[str], str]) -> str:
        given = getattr(options, option)
        if given is None and (given := _asked(question, otherwise, read)) is None:
            assumed.append(f"--{option} {shlex.quote(otherwise)}")
        return otherwise if given is None else str(given)

    name = answer("name", "The name of the site", options.folder.resolve().name, _words)
    answers = starter.Answers(
        name=name,
        url=answer("url", "The address at which it will stand", "https://example.org/", _address).rstrip("/") + "/",
        lang=answer("lang", "Its language", "en", _language),
        publisher=answer("publisher", "Who publishes it", name, _words),
        accent=answer("accent", "A colour of the house", colours.LIGHT["accent"], _colour),
        engine=options.engine,
        version=__version__,
    )
    if assumed:
        print(f"no terminal to ask on, so this was assumed: {' '.join(assumed)}", file=sys.stderr)
    return answers


def _asked(question: str, otherwise: str, read: Callable[[str], str]) -> str | None:
    """The answer of whoever sits at the terminal, or has written one into a pipe or a file; what is assumed where it
    is empty, None where nobody is there. Where nobody can be asked again, an answer that cannot be ends the program.
    """
    terminal = sys.stdin is not None and sys.stdin.isatty()
    while terminal or _is_piped():
        print(f"{question} [{otherwise}]: ", end="" if terminal else "\n", file=sys.stderr, flush=True)
        try:
            line = sys.stdin.readline()
            return read(line.strip("\ufeff\r\n\t ") or otherwise) if line or terminal else None
        except (argparse.ArgumentTypeError, UnicodeDecodeError) as refusal:
            print(refusal, file=sys.stderr)
            if not terminal:
                raise SystemExit(Status.USAGE) from None
    return None


def _is_piped() -> bool:
    try:
        kind = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):  # there is none, or it is closed, or no file
        return False
    return stat.S_ISFIFO(kind) or stat.S_ISREG(kind)


def reanchor(options: argparse.Namespace) -> Status:
    """For each quotation that the text has lost, the nearest passage as a diff; `--write` changes the YAML."""
    from randnotiz import editing  # which no other command should wait for

    options.format = "text"
    articles = site.article_slugs(options.content)
    if options.slug and _is_nowhere(options, articles):
        return Status.USAGE
    if options.against and len(articles) == 1:
        options.slug = articles[0]
    if options.against and not (options.slug and options.against.is_file()):
        missing = f"there is no file {shown(options.against)}"
        return _refused(options, missing if options.slug else "--against needs an article's SLUG", Status.USAGE)
    if options.write and not options.yes and not sys.stdin.isatty():
        print("no terminal to ask on, so nothing is written; --yes applies all that are safe", file=sys.stderr)
        options.write = False
    mended = left = faults = 0
    cache = options.home / ".cache"
    for slug in [options.slug] if options.slug else articles:
        try:
            outcome = editing.reanchor(
                options.content, slug, partial(_decided, options), cache=cache, against=options.against
            )
        except ContentError as error:  # of the file to compare with
            _report(options, [error.diagnostic], sys.stderr)
            return Status.FAULTS
        _report(options, outcome.faults, sys.stderr)
        mended, left, faults = mended + outcome.mended, left + outcome.left, faults + len(outcome.faults)
        if outcome.stopped:
            break
    print(f"{_counted(mended + left, 'lost quotation')}, {mended} mended", file=sys.stderr)
    return Status.FAULTS if left or faults else Status.DONE


def _decided(options: argparse.Namespace, lost: "editing.Orphan", old: str, new: str) -> bool | str | None:
    """Shows a proposal, and whether it is to be taken, or which other words are; None if no more are."""
    from randnotiz import editing

    path = shown(options.content / lost.position.path)
    if lost.edits:
        print(editing.diff(old, new, path, lost.what))
        alarm = f"{lost.alarm}: " if lost.alarm else ""
        unsafe = "" if lost.safe else "; not to be taken unread"
        reason, *ready = lost.reason.split("\n")  # the lines to type
        print(f"  {alarm}line {lost.line} of article.md: {reason}{unsafe}", *ready, sep="\n")
    else:
        print(f"{path}:{lost.position.line}:{lost.position.column}: {lost.what}: '{lost.words}': {lost.reason}")
    print(f"  compared with {lost.earlier}\n" if lost.earlier else "  no earlier text with these words is known\n")
    if options.yes or not options.write or not (lost.edits or lost.way):
        return options.yes and lost.safe
    answer = ""
    question = "take it? [y]es, [n]o, [e]dit, [q]uit: " if lost.edits else "[n]o, [e]dit, [q]uit: "
    while answer not in (("y", "n", "e", "q") if lost.edits else ("n", "e", "q")):
        print(question, end="", flush=True)
        answer = (sys.stdin.readline() or "q").strip().lower()[:1]  # no line at all: the terminal is gone
    if answer == "e":
        print("the words as they stand in the text: ", end="", flush=True)
        return sys.stdin.readline().strip()
    return None if answer == "q" else answer == "y"


def import_file(options: argparse.Namespace) -> Status:
    """A document of Word becomes an article, or its text; annotations made elsewhere become drafts in notes.yaml."""
    from randnotiz import editing

    options.format = "text"
    of_word = options.run_word and options.file.suffix.lower() in WORD
    if of_word:
        options.slug = options.slug or slugs.ascii_slug(options.file.stem)
        try:
            reader.check_slug(options.slug, options.slug)
        except ContentError as error:
            return _refused(options, _sentences(error.diagnostic), Status.USAGE)
    elif not options.slug:
        return _refused(options, "the SLUG of the article is missing, whose annotations these are", Status.USAGE)
    elif _is_nowhere(options, site.article_slugs(options.content)):
        return Status.USAGE
    if not options.file.is_file():
        return _refused(options, f"there is no file {shown(options.file)}", Status.USAGE)
    file = options.file.resolve()
    try:
        raw = reader.load_file(file, file.as_posix(), file.parent)
    except ContentError as error:
        _report(options, [error.diagnostic], sys.stderr)
        return Status.FAULTS
    if of_word:
        outcome = editing.import_word(
            raw,
            file.as_posix(),
            options.content,
            options.slug,
            _today().isoformat(),
            partial(_is_taken, options, options.content / options.slug / "article.md"),
            resolved=options.resolved,
        )
    else:
        outcome = editing.import_hypothesis(raw, file.as_posix(), options.content, options.slug)
    _report(options, (*outcome.faults, *outcome.left), sys.stderr)
    for line in (*outcome.listed, *(shown(options.content / options.slug / name) for name in outcome.written)):
        print(line)
    known = f", {outcome.known} there already" if outcome.known else ""
    left = f", {len(outcome.listed)} left out" if outcome.listed else ""
    left += f", {outcome.resolved} resolved (--resolved takes them)" if outcome.resolved else ""
    if of_word and outcome.faults:
        print("nothing was written", file=sys.stderr)
        return Status.FAULTS
    drafts = _counted(len(outcome.added), "draft")
    print(f"{drafts} added to {shown(options.content / options.slug / 'notes.yaml')}{known}{left}", file=sys.stderr)
    return Status.FAULTS if outcome.faults else Status.DONE


def source(options: argparse.Namespace) -> Status:
    """A work fetched by its DOI or address, or a copy of one in an archive: shown, and written if that is wanted."""
    from randnotiz import editing, web
    from randnotiz.editing import sourcing

    options.format = "text"
    if options.slug and _is_nowhere(options, site.article_slugs(options.content)):
        return Status.USAGE
    today = _today().isoformat()
    try:
        if options.what == "add":
            made = sourcing.added(options.content, options.slug, options.words, today)
        else:
            slugs = [options.slug] if options.slug else [None, *site.article_slugs(options.content)]
            made = sourcing.archived(options.content, slugs, options.words, today)
    except ContentError as error:
        _report(options, [error.diagnostic], sys.stderr)
        return Status.FAULTS
    except editing.UneditableError as error:
        return _refused(options, error, Status.FAULTS)
    except (sourcing.SourceRefusedError, web.UnansweredError) as error:
        passing = isinstance(error, web.UnansweredError) and error.passing
        return _refused(options, error, Status.REFUSED if passing else Status.USAGE)
    if made.faults:
        _report(options, made.faults, sys.stderr)
        print("nothing was written", file=sys.stderr)
        return Status.FAULTS
    if not _is_taken(options, made.path, made.old, made.new):
        return Status.DONE
    made.write()
    print(f"{shown(made.path)}: {made.id}", file=sys.stderr)
    return Status.DONE


def _is_taken(options: argparse.Namespace, file: Path, old: str, new: str) -> bool:
    """Shows how a file would change, and whether it is to."""
    path = shown(file)
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), path, path, n=0, lineterm="")
    print(*lines, sep="\n")
    if options.yes:
        return True
    if not sys.stdin.isatty():
        print("no terminal to ask on, so nothing is changed; --yes takes it", file=sys.stderr)
        return False
    answer = ""
    while answer not in ("y", "n"):
        print("take it? [y]es, [n]o: ", end="", flush=True)
        answer = (sys.stdin.readline() or "n").strip().lower()[:1]
    return answer == "y"


def _is_nowhere(options: argparse.Namespace, slugs: Sequence[str]) -> bool:
    """Whether there is no such article, which is said then."""
    if options.slug not in slugs:
        _refused(options, f"there is no article '{options.slug}'{did_you_mean(options.slug, slugs)}")
    return options.slug not in slugs


def schema(options: argparse.Namespace) -> Status:
    """The JSON Schemas that tell editors' tools what may stand in the files."""
    from randnotiz.site.output import make_folder

    make_folder(options.folder)
    for name, schema in reader.json_schemas().items():
        path = options.folder / f"{name}.json"
        path.write_text(_schema_text(schema), encoding="utf-8", newline="\n")
        print(shown(path))
    content = options.home / "content"
    if options.folder == options.home / "schema" and content.is_dir():
        _schemas_of_articles(options.folder / "articles", content)
    return Status.DONE


def _schemas_of_articles(folder: Path, content: Path) -> None:
    """Those that know the ids of each article."""
    from randnotiz import analysis, suggestions
    from randnotiz.site.output import make_folder

    make_folder(folder)
    files = {suggestions.VEGA_LITE: json.dumps(suggestions.vega_lite(), ensure_ascii=False)}
    context, _ = analysis.read_context(content, drafts=True)
    for slug in site.article_slugs(content):
        article, _ = analysis.analyse_folder(content, slug, context)
        if article is not None:
            make_folder(folder / slug)
            found = suggestions.schemas(article, context)
            files |= {f"{slug}/{name}.json": _schema_text(schema) for name, schema in found.items()}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{shown(folder)}: {len(files)} files")


def _schema_text(schema: Mapping[str, object]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def theme(options: argparse.Namespace) -> Status:
    """What a site's look is made of: all files, one to copy, or how it comes out."""
    if options.what == "preview":
        return _specimen(options)
    own = {name: options.home / name for name in shipped.FOLDERS}
    if options.what == "list":
        for name, words in shipped.listing(own):
            print(f"{name:32} {words}".rstrip())
        return Status.DONE
    known = [f"{top}/{name}" for top in shipped.FOLDERS for name in shipped.files(shipped.folder(top))]
    named = [name for name in known if options.name in (name, name.partition("/")[2])]
    if not named:
        near = did_you_mean(str(options.name), [*known, *(name.partition("/")[2] for name in known)])
        words = f"the package has no file '{options.name}'{near or '; theme list names all'}"
        return _refused(options, words, Status.USAGE)
    sys.stdout.flush()
    sys.stdout.buffer.write(shipped.copy(named[0]))
    return Status.DONE


def _specimen(options: argparse.Namespace) -> Status:
    """A page with the look of the house, below the cache, where no host finds it."""
    from randnotiz.pages.specimen import specimen
    from randnotiz.site import building

    around = options.home if (options.home / "content" / "site.yaml").is_file() else None
    if wrong := _settled(options, around):
        return _refused(options, wrong, Status.USAGE)
    own = {name: options.home / name for name in shipped.FOLDERS}
    folders = site.SitePaths(content=options.content, output=options.home, cache=options.home / ".cache", **own)
    context, diagnostics = site.read_site(folders, site.BuildOptions())
    looked = building.read_theme(folders, context)
    options.format = "text"
    _report(options, diagnostics, sys.stderr)
    if looked is None:
        return Status.FAULTS
    page = options.home / ".cache" / "theme.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(specimen(looked), encoding="utf-8")
    print(shown(page))
    return Status.DONE


class Parser(argparse.ArgumentParser):
    """One that names the nearest of the choices, as every other message does."""

    def error(self, message: str) -> NoReturn:
        """Ends the program."""
        if found := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)$", message):
            choices = [choice.strip("'") for choice in found[2].split(", ")]
            near = did_you_mean(found[1], choices)
            message = f"{message[: found.start()]}there is no '{found[1]}'{near or f'; there are {found[2]}'}"
        super().error(message)


def arguments(home: Path, program: str) -> argparse.ArgumentParser:
    """The commands and their options, for a site in the folder `home`."""
    parser = Parser(
        prog=program,
        description="Articles with sources, counter-claims and computed figures beside the text.",
        epilog=f"What there is to read: format.md, newsroom.md and more in {shipped.folder('docs')}",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(home=home, program=program)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    of_content = Parser(add_help=False)
    of_content.add_argument("--content", type=Path, metavar="DIR", help="default: content/")
    _add_building(commands, of_content)
    _add_writing(commands, of_content)
    _add_look(commands, home)
    return parser


# What `add_subparsers` gives, which argparse has no public name for.
_Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def _add_building(commands: _Commands, of_content: Parser) -> None:
    """The commands that read the whole site."""
    signing = Parser(add_help=False)
    signing.add_argument("--editor", type=_name, metavar="NAME", help="who annotates; default: git's user.name")
    building = Parser(add_help=False, parents=[of_content])
    for name in shipped.FOLDERS:
        building.add_argument(f"--{name}", type=Path, metavar="DIR", help=f"default: {name}/")
    building.add_argument("--output", type=Path, metavar="DIR", help="default: site/; of the preview .cache/preview/")
    building.add_argument(
        "--base-url", type=_address, metavar="URL", help="where the site will stand, instead of url in site.yaml"
    )
    building.add_argument("--drafts", action="store_true", help="with drafts, as the preview is always")
    jobs = _whole("number of processes", 256)
    building.add_argument("--jobs", type=jobs, default=0, metavar="N", help="processes; as many as there are cores")
    building.add_argument(
        "--clean", action="store_true", help="make every page anew; charts are kept by what they show"
    )
    building.add_argument("--strict", action="store_true", help="warnings are faults")
    building.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="today: what was to be rechecked, what is not yet published"
    )

    command = commands.add_parser("build", parents=[building], help="read content/, write site/")
    command.set_defaults(run=build, format="text", ahead=False, folder="site", no_draw=False)

    command = commands.add_parser("check", parents=[building], help="all faults and warnings; nothing is written")
    command.add_argument("slug", metavar="SLUG", nargs="?", help="one article, drafts among it; default: all")
    command.add_argument("--format", choices=("text", "json", "github"), default="text")
    command.add_argument("--coverage", action="store_true", help="what no note, source or figure touches")
    command.add_argument("--units", action="store_true", help="print the units that formulas may use")
    command.add_argument("--no-draw", action="store_true", help="draw no chart; those in the cache are judged")
    command.add_argument("--links", action="store_true", help="ask every source's address whether it still answers")
    command.set_defaults(run=check, folder="site")

    command = commands.add_parser(
        "preview", parents=[building, signing], help="build, serve on 127.0.0.1, show every change"
    )
    command.add_argument("--port", type=_whole("port", 65535), default=8000, metavar="N", help="default: 8000")
    command.add_argument("--open", action="store_true", help="open the browser")
    command.set_defaults(run=preview, ahead=True, folder=PREVIEW, no_draw=False)

    command = commands.add_parser("lsp", parents=[signing], help="the language server, which editors start")
    command.add_argument("--content", type=Path, dest="named", metavar="DIR", help="default: of the editor's folder")
    command.set_defaults(run=lsp)


def _add_writing(commands: _Commands, of_content: Parser) -> None:
    """The commands that write an author's files."""
    add = partial(commands.add_parser, parents=[of_content])
    command = add("new", help="a new article folder with commented examples")
    command.add_argument("slug", metavar="SLUG", type=_slug)
    command.set_defaults(run=new)

    command = commands.add_parser("init", help="a new site: settings, a first article, schemas, workflows")
    command.add_argument("folder", metavar="FOLDER", type=Path)
    command.add_argument(
        "--name", metavar="WORDS", type=_words, help="of the site; asked for, as are the next four, if left out"
    )
    command.add_argument("--url", metavar="URL", type=_address, help="where it will stand")
    command.add_argument("--lang", metavar="TAG", type=_language, help="its language: de, en, fr …")
    command.add_argument("--publisher", metavar="WORDS", type=_words, help="who publishes it")
    command.add_argument("--accent", metavar="COLOUR", type=_colour, help="a colour of the house, as '#a3122a'")
    command.add_argument(
        "--engine", metavar="WHAT", default="", help="what pip installs Randnotiz from in the workflows, as a wheel, "
        "a git address or a name and version; {version} in it is the site's made_with"
    )  # fmt: skip
    command.set_defaults(run=init)

    command = add("reanchor", help="propose the nearest passage for quotes no longer found")
    command.add_argument("slug", metavar="SLUG", nargs="?", type=_folder, help="default: all articles")
    command.add_argument("--write", action="store_true", help="change the YAML, asking one by one")
    command.add_argument("--yes", action="store_true", help="change it without asking, wherever that is safe")
    command.add_argument("--against", type=Path, metavar="FILE", help="an earlier article.md to compare with")
    command.set_defaults(run=reanchor)

    command = add("import", help="a .docx becomes an article; annotations made elsewhere, drafts")
    command.add_argument("file", metavar="FILE", type=Path, help=".docx, or an export of Hypothesis")
    command.add_argument("slug", metavar="SLUG", nargs="?", type=_folder, help="default, of a .docx: its name")
    command.add_argument("--yes", action="store_true", help="take a newer text without asking")
    command.add_argument("--resolved", action="store_true", help="with the comments of Word that are resolved")
    command.set_defaults(run=import_file, run_word=True)

    command = add("source", help="fetch a work by its DOI or address, or ask for an archived copy")
    command.add_argument("what", choices=("add", "archive"), help="fetch a work; or record a copy, made if need be")
    command.add_argument("words", metavar="DOI|URL|ID", help="of what is added; the id of what is archived")
    command.add_argument("--article", metavar="SLUG", dest="slug", type=_folder, help="default: of all articles")
    command.add_argument("--yes", action="store_true", help="write it without asking")
    command.set_defaults(run=source)

    command = add("import-hypothesis", help="annotations exported from Hypothesis become drafts")
    command.add_argument("file", metavar="FILE", type=Path, help="JSON or CSV of the client, or JSON of the API")
    command.add_argument("slug", metavar="SLUG", type=_folder)
    command.set_defaults(run=import_file, run_word=False)


def _add_look(commands: _Commands, home: Path) -> None:
    """The commands for whoever keeps a site's look and tools."""
    command = commands.add_parser("theme", help="the files of the look, one of them to copy, or a specimen")
    actions = command.add_subparsers(metavar="list | show NAME | preview", dest="what", required=True)
    actions.add_parser("list", help="all files of the look, with what is said of the site's own")
    action = actions.add_parser("show", help="print a packaged file, with its version in the first line")
    action.add_argument("name", metavar="NAME", help="as templates/base.html, or base.html")
    action = actions.add_parser("preview", help="write a page with all colours and states in both schemes")
    action.set_defaults(content=None)
    command.set_defaults(run=theme)

    command = commands.add_parser("schema", help="write the JSON Schemas that give editors completion")
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", default=home / "schema")
    command.set_defaults(run=schema)


def _whole(what: str, most: int) -> Callable[[str], int]:
    """What reads a whole number from 1 on."""

    def number(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' is not a {what} from 1 to {most}")
        return int(text)

    return number


def _slug(text: str) -> str:
    try:
        reader.check_slug(text, text)
    except ContentError as error:
        near = slugs.ascii_slug(text)
        hint = f"; write '{near}'" if near and near != text else ""
        raise argparse.ArgumentTypeError(f"{error.diagnostic.message}{hint}") from None
    return text


def _folder(text: str) -> str:
    """The name of an article's folder, as a shell completes it."""
    return text.rstrip("/")


def _address(text: str) -> str:
    try:
        reader.check_site_address(text)
    except ContentError as error:
        raise argparse.ArgumentTypeError(_sentences(error.diagnostic)) from None
    return text


def _words(text: str) -> str:
    if strange := yamldoc.UNPRINTABLE.search(text):
        raise argparse.ArgumentTypeError(f"the character U+{ord(strange[0]):04X} cannot be printed; leave it out")
    return _read(fields.line, text)


def _name(text: str) -> str:
    """A name; an empty one for nobody's."""
    return _words(text) if text.strip() else ""


def _language(text: str) -> str:
    return _read(fields.language, text)


def _colour(text: str) -> str:
    return _read(look.COLOUR.read, text)


def _read(read: Callable[[SourceText], object], text: str) -> str:
    """What a field of the settings says to a word."""
    if not text.strip():
        raise argparse.ArgumentTypeError("this is empty; write something, or leave the option out")
    try:
        return str(read(SourceText(text, Position(""))))
    except ContentError as error:
        raise argparse.ArgumentTypeError(_sentences(error.diagnostic)) from None


def _sentences(diagnostic: Diagnostic) -> str:
    end = "" if diagnostic.message.endswith("?") else "."
    return f"{diagnostic.message}{end} {diagnostic.hint}".rstrip()


def _clash(options: argparse.Namespace) -> str | None:
    """Why the site may not stand where it would: among what it is made of, or around it."""
    output = Path(
        os.path.realpath(options.output)
    )  # which bears a circle of links; Path.resolve does not before 3.13
    for name in ("content", "templates", "static"):
        given = Path(os.path.realpath(getattr(options, name)))
        if output.is_relative_to(given) or given.is_relative_to(output):
            return f"argument --output: {shown(options.output)} and --{name} {shown(given)} lie within each other"
    return None


def _day(text: str) -> date:
    with contextlib.suppress(ValueError):
        if len(text) == 10:
            return date.fromisoformat(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a day, as in 2026-11-24")


def _today() -> date:
    return datetime.now(UTC).date()


def _folders(options: argparse.Namespace) -> site.SitePaths:
    return site.SitePaths(
        content=options.content,
        templates=options.templates,
        static=options.static,
        output=options.output,
        cache=options.home / ".cache",
    )


def _choices(options: argparse.Namespace) -> site.BuildOptions:
    return site.BuildOptions(
        base_url=options.base_url,
        drafts=options.drafts,
        jobs=options.jobs or os.cpu_count() or 1,
        clean=options.clean,
        strict=options.strict,
        as_of=options.as_of.isoformat() if options.as_of else None,
        ahead=options.ahead,
        may_draw=not options.no_draw,
    )


def _report(options: argparse.Namespace, diagnostics: Sequence[Diagnostic], stream: TextIO) -> None:
    """Findings in the chosen format; positions are below the content folder, paths below where the author stands."""
    place = partial(_place, options.content)
    if options.format == "json":
        print(as_json(diagnostics, place), file=stream)
    elif diagnostics and options.format == "github":
        print(as_github(diagnostics, partial(_in_repository, options.content)), file=stream)
    elif diagnostics:
        print(as_text(diagnostics, place, colour=terminal.colours(stream)), file=stream)


def _place(content: Path, path: str) -> str:
    return shown(content / path)


def _in_repository(content: Path, path: str) -> str:
    """A path as GitHub finds it: from its repository's root, else from GITHUB_WORKSPACE or the current folder."""
    file = Path(os.path.abspath(content / path))  # noqa: PTH100 - which removes `..` and follows no link
    around = (folder for folder in file.parents if (folder / ".git").exists())
    root = next(around, Path(os.environ.get("GITHUB_WORKSPACE", "")).absolute())
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else shown(file)


def _strictly(options: argparse.Namespace, outcome: site.BuildResult) -> str:
    return " (with --strict a warning counts as a fault)" if options.strict and outcome.stopped else ""


def _count(diagnostics: Sequence[Diagnostic]) -> str:
    faults = sum(diagnostic.severity == "error" for diagnostic in set(diagnostics))
    return f"{_counted(faults, 'fault')}, {_counted(len(set(diagnostics)) - faults, 'warning')}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
