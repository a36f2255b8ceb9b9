"""The rules that the look of a house adds to the style sheet: its faces and its measures."""

from collections.abc import Collection, Iterator

from randnotiz.model import Face, Look

BEHIND = {"serif": "Georgia, serif", "sans": "system-ui, sans-serif"}  # until a face is there, and for what it lacks
# Names of no face, but of what a system has of a kind; in quotation marks they are not (CSS Fonts 4, 2.1.3).
GENERIC = ("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "math", "emoji", "fangsong")
GENERIC_OF_INTERFACES = ("ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded")
VARIABLES = {"column": "--column", "margin": "--margin"}  # of the style sheet, by the measures that set them
FORMATS = {"ttf": "truetype", "otf": "opentype"}  # CSS Fonts 4, 4.3.1; others are called by their ending


def of(look: Look, there: Collection[str]) -> str:
    """A piece of style sheet that names files which are there."""
    return "".join(f"{rule}\n" for rule in _rules(look, there))


def _rules(look: Look, there: Collection[str]) -> Iterator[str]:
    values = {}
    for variable, face in (("serif", look.text), ("sans", look.interface)):
        if face is not None:
            yield from _faces(face, there)
            generic = not face.files and face.family.lower() in (*GENERIC, *GENERIC_OF_INTERFACES)
            name = str(face.family).lower() if generic else f'"{face.family}"'
            values[f"--{variable}"] = f"{name}, {BEHIND[variable]}"
    measures = look.measures
    for name, variable in VARIABLES.items():
        if measures is not None and (length := getattr(measures, name)) is not None:
            values[variable] = str(length)
    if values:
        yield f":root {{ {'; '.join(f'{name}: {value}' for name, value in values.items())} }}"
    if measures is not None and measures.size is not None:
        yield f"html {{ font-size: {measures.size} }}"


def _faces(face: Face, there: Collection[str]) -> Iterator[str]:
    for one in face.files:
        if one.file not in there:  # which is a fault of its own
            continue
        ending = one.file.rpartition(".")[2].lower()
        source = f'url("{one.file}") format("{FORMATS.get(ending, ending)}")'
        kind = f"font-weight: {one.weight or 400}; font-style: {one.style}"
        yield f'@font-face {{ font-family: "{face.family}"; src: {source}; {kind}; font-display: swap }}'
