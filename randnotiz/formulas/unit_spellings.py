"""What editors write for units of the list, and what a message may suggest for it: never what changes the value.

A spelling has one meaning (`Stunden` is an hour), or several, of which the author chooses (`gallon`), or it is a
unit that the list lacks and that an article may declare with its worth (`cent`). Only a word that is plainly a slip
of a name of the list, or its plural, is taken for that name: `kWs` is not `kWh`, and 12 °C are not 12 kelvin.
"""

import re
from collections.abc import Iterable, Iterator

from randnotiz.formulas.unit_list import SCALES, listed

_MEANINGS: dict[str, tuple[str, ...]] = {
    "%": ("Prozent", "pct", "per cent", "v. H.", "vH"),
    "pp": ("Prozentpunkt", "percentage point", "percent point", "percentage_point", "p.p.", "%-Punkt"),
    "basis_point": ("Basispunkt", "bp"),
    "permille": ("promille", "Promille", "per 1,000", "per 1000", "je 1.000", "je 1000", "pro 1.000", "pro 1000"),
    "pp or basis_point": ("Punkt", "point"),
    "basis_point or bit/second": ("bps",),
    "ppm": ("per million",),
    "per_10000": ("per 10,000", "per 10.000", "je 10.000", "pro 10.000", "je 10000"),
    "per_100000": ("per 100,000", "per 100.000", "je 100.000", "pro 100.000", "je 100000", "per 100k"),
    "EUR": ("€", "Euro"),
    "USD": ("$", "Dollar", "US-Dollar", "US$"),
    "GBP": ("£", "pound sterling"),
    "CHF": ("Franken", "SFr", "Fr"),
    "JPY": ("Yen",),
    "JPY or CNY": ("¥",),
    "CNY": ("RMB", "Yuan", "Renminbi", "CN¥"),
    "AUD": ("A$", "AU$"),
    "CAD": ("C$", "CA$"),
    "HKD": ("HK$",),
    "NZD": ("NZ$",),
    "SGD": ("S$",),
    "TWD": ("NT$",),
    "MXN": ("MX$", "Mex$"),
    "BRL": ("R$", "real", "reais"),
    "INR": ("₹",),
    "INR, PKR, LKR or NPR": ("Rs", "Rs.", "rupee", "Rupie"),
    "RUB": ("₽", "Rubel", "rouble", "ruble"),
    "KRW": ("₩", "won"),
    "TRY": ("₺", "lira"),
    "ILS": ("₪", "shekel", "Schekel"),
    "UAH": ("₴", "Hrywnja", "hryvnia"),
    "PLN": ("zł", "zloty", "Złoty"),
    "CZK": ("Kč",),
    "HUF": ("forint",),
    "foot (length) or HUF (money)": ("Ft",),
    "SEK, NOK, DKK, ISK or CZK": ("kr", "kr.", "Krone", "krona", "kroner", "kronor", "crown"),
    "ARS, CLP, COP, MXN, PHP or UYU": ("peso",),
    "AED or MAD": ("dirham",),
    "second": ("s", "sec", "Sek", "Sekunde"),
    "millisecond": ("ms", "msec"),
    "microsecond": ("µs", "μs"),
    "nanosecond": ("ns",),
    "minute": ("min",),
    "hour": ("h", "hr", "Std", "Stunde"),
    "day": ("d", "Tag"),
    "week": ("wk", "Woche"),
    "month": ("mo", "Monat"),
    "quarter": ("Quartal",),
    "year": ("a", "yr", "Jahr", "p.a."),
    "decade": ("Jahrzehnt",),
    "century": ("Jahrhundert", "centuries"),
    "millennium": ("Jahrtausend", "millennia"),
    "metre": ("m",),
    "inch": ("Zoll", '"', "″"),
    "foot": ("ft", "Fuß", "feet", "′"),
    "yard": ("yd",),
    "mile": ("mi", "Meile"),
    "nautical_mile": ("nmi", "Seemeile", "sm"),
    "light_year": ("ly", "Lichtjahr"),
    "astronomical_unit": ("au", "AE"),
    "hectare": ("ha", "Hektar"),
    "acre": ("ac",),
    "metre**2": ("qm", "sqm"),
    "km**2": ("qkm", "sqkm"),
    "foot**2": ("sqft", "sq ft"),
    "mile**2": ("sq mi",),
    "metre**3": ("cbm", "Kubikmeter", "Festmeter"),
    "litre": ("l", "L"),
    "millilitre": ("ml", "mL", "cc", "ccm"),
    "centilitre": ("cl", "cL"),
    "hectolitre": ("hl", "hL"),
    "us_gallon or imperial_gallon": ("gallon", "gal", "Gallone"),
    "mile/us_gallon or mile/imperial_gallon": ("mpg", "miles per gallon"),
    "us_quart or imperial_quart": ("quart", "qt"),
    "us_pint or imperial_pint": ("pint", "pt", "Pinte"),
    "us_fluid_ounce or imperial_fluid_ounce": ("fluid ounce", "fl oz", "fl. oz."),
    "ounce_mass, troy_ounce, us_fluid_ounce or imperial_fluid_ounce": ("ounce", "oz", "Unze"),
    "barrel (of oil, 159 litres)": ("bbl", "Fass"),
    "gram": ("g", "Gramm"),
    "kg": ("Kilo",),
    "microgram": ("µg", "μg", "mcg"),
    "pound_mass (weight) or GBP (money)": ("pound", "quid"),
    "pound_mass": ("lb", "lbm"),
    "kg (half of one is a metric pound), pound_mass or GBP (money)": ("Pfund",),
    "troy_ounce": ("oz t", "ozt", "Feinunze"),
    "carat (weight), or declare a cent with its worth, as in 'units: [{name: ct, worth: 0.01 EUR}]'": ("ct",),
    "tonne": ("t", "metric ton", "metric tonne"),
    "(metre**2*year)": ("m²a", "m2a", "(m²a)", "(m2a)", "(m² a)", "(m²*a)", "(m²·a)"),
    "kW": ("kWp",),
    "MW": ("MWp",),
    "GW": ("GWp",),
    "foot**3/second": ("cfs", "cusec"),
    "tonne (1000 kg), short_ton (US) or long_ton (British)": ("ton",),
    "kilotonne (weight), kilotonne_TNT (energy) or knot (speed)": ("kt", "kT", "kiloton"),
    "megatonne (weight) or megatonne_TNT (energy)": ("Mt", "megaton"),
    "tonne or megatonne": ("MT", "mt"),
    "gigatonne": ("Gt", "gigaton"),
    "knot": ("kn", "kts", "Knoten"),
    "mile/hour": ("mph",),
    "km/hour": ("kmh", "kph", "km/h"),
    "metre/second": ("m/s",),
    "degC, or delta_degC for a difference": ("°C", "℃", "C", "Celsius", "degree Celsius", "Grad Celsius"),
    "degF, or delta_degF for a difference": ("°F", "℉", "F", "Fahrenheit", "degree Fahrenheit", "Grad Fahrenheit"),
    "degC, degF or kelvin if it is a temperature, delta_degC or delta_degF if it is a difference of two": (
        ("°", "degree", "Grad", "deg")
    ),
    "kelvin": ("°K", "Kelvin"),
    "cal (4.184 joule) or kcal (which labels of food call a calorie)": ("calorie", "Kalorie", "Cal"),
    "metric_horsepower (PS) or horsepower (hp)": ("PS", "hp", "bhp", "Pferdestärke"),
    "kB (8000 bit), KiB (8192 bit) or kbit": ("KB", "kb", "Kb"),
    "MB (8 million bit) or Mbit": ("mb", "Mb"),
    "GB (8 billion bit) or Gbit": ("gb", "Gb"),
    "TB (8 trillion bit) or Tbit": ("tb", "Tb"),
    "kbit/second": ("kbps", "kbit/s"),
    "Mbit/second": ("Mbps", "Mbit/s"),
    "Gbit/second": ("Gbps", "Gbit/s"),
    "FLOP/second": ("FLOPS", "FLOP/s"),
    "TFLOP/second": ("TFLOPS", "TFLOP/s"),
    "PFLOP/second": ("PFLOPS", "PFLOP/s"),
    "EFLOP/second": ("EFLOPS", "EFLOP/s"),
    "mol": ("mole", "Mol"),
    "ohm": ("Ω",),
}
# Units that the list lacks because their name does not say what they are worth, or whose.
_WORTHS = {
    "0.01 EUR": ("cent", "Eurocent"),
    "0.01 GBP": ("penny", "pence"),
    "0.01 CHF": ("Rappen",),
    "50 kg": ("Zentner", "hundredweight", "cwt"),
    "100 kg": ("Doppelzentner", "quintal", "dt"),
    "0.01 litre/km": ("l/100 km", "l/100km", "L/100 km", "L/100km", "Liter je 100 km", "litres per 100 km"),
    "100 metre**2": ("are", "Ar"),
    "0.1 litre": ("dl", "Deziliter", "decilitre"),
    "12": ("dozen", "Dutzend"),
    "41.868 GJ": ("toe", "tonne of oil equivalent"),
    "41868 GJ": ("ktoe",),
    "41868000 GJ": ("Mtoe",),
    "29.3076 GJ": ("tce", "SKE", "t SKE"),
    "29307600 GJ": ("Mtce",),
    "5800000 BTU": ("boe",),
    "1000000 BTU": ("MMBtu",),
    "100000 BTU": ("therm",),
    "1e15 BTU": ("quad",),
    "37000000000 Bq": ("Ci", "curie"),
    "0.01 Sv": ("rem",),
    "0.001 mm": ("micron", "micrometre", "micrometer", "Mikrometer"),
    "6 foot": ("fathom",),
    "660 foot": ("furlong",),
    "43560 foot**3": ("acre_foot", "acre-foot", "acre-feet", "acre feet"),
    "1000 foot**3": ("mcf",),
    "1e9 foot**3": ("bcf",),
    "128 foot**3": ("cord",),
    "30856775814913673 metre": ("parsec",),
    "0.51129188 EUR": ("DM", "DEM", "D-Mark", "Deutsche Mark"),
    "0.07267283 EUR": ("Schilling", "ATS"),
    "100000": ("lakh",),
    "10000000": ("crore",),
}
_MEANT = {each: f"write {meant}" for meant, spellings in _MEANINGS.items() for each in spellings}
_MEANT |= {
    each: f"declare it with its worth, as in 'units: [{{name: {re.sub('[^A-Za-z]+', '_', each)}, worth: {worth}}}]'"
    for worth, spellings in _WORTHS.items()
    for each in spellings
}
_FOLDED = {
    spelling.casefold() + ending: meant
    for spelling, meant in _MEANT.items()
    if len(spelling) > 2
    for ending in ("", "e")
}

_SCALE_WORDS = {form for word in SCALES for form in (word.casefold(), word.casefold().rstrip("."))} | {
    "bn",
    "mn",
    "tn",
}

# What is written in full and has a symbol here: kilowatt-hours.
_PREFIXES = {
    "kilo": "k",
    "mega": "M",
    "giga": "G",
    "tera": "T",
    "peta": "P",
    "exa": "E",
    "milli": "m",
    "centi": "c",
    "nano": "n",
    "hekto": "h",
}
_BASES = {
    **dict.fromkeys(("watt_hour", "watthour", "wattstunde"), "Wh"),
    **{word: word[0].upper() for word in ("watt", "joule", "newton", "volt", "ampere")},
    **dict.fromkeys(("metre", "meter"), "m"),
    **dict.fromkeys(("gram", "gramm"), "g"),
    "electronvolt": "eV",
    "calorie": "cal",
    "kalorie": "cal",
    "pascal": "Pa",
    "hertz": "Hz",
    "sievert": "Sv",
    "byte": "B",
    "bit": "bit",
    "flop": "FLOP",
}
_IN_FULL = re.compile(rf"({'|'.join(_PREFIXES)}|)({'|'.join(_BASES)})")
_POWER = re.compile(r"(?:(square|quadrat|sq\.?)|(?:cubic|kubik|cu\.?))[ -]?(.+)|(.+?)(?:([²2])|[³3])", re.IGNORECASE)
_PER = re.compile(r"(.+?)(?:\s+(?:per|je|pro)\s+|\s*(/)\s*)(.+)")
_A_DEGREE = {"°C": "delta_degC", "°F": "delta_degF"}  # per year, or so much per degree
_INHABITANTS = re.compile(r"((?:per|je|pro) [\d.,]+) \w+")
_CARBON_DIOXIDE = re.compile(r"[ -]?CO[2₂](?:[ -]?(?:eq?|Äq)\b\.?)?(?![\w₂])")
_LARGE_MONEY = re.compile(r"(?:[TkKM]|Mio|Mrd|bn|mn)\.?\s?(EUR|€|USD|\$|GBP|£|CHF)")


def hint(words: str) -> str:
    """What to type for a spelling that is common and not ours, or an empty text."""
    if scale := next((word for word in words.split() if word.casefold() in _SCALE_WORDS), None):
        return f"'{scale}' stands only in 'stated'; large numbers are printed in words on their own"
    if money := _LARGE_MONEY.fullmatch(words):
        return f"write {_unit(money[1])}, and the number with all its zeros"
    if counted := _INHABITANTS.fullmatch(words):
        words = counted[1]
    if (of_what := _CARBON_DIOXIDE.sub("", words)) and of_what != words:
        return hint(of_what) or (f"write {of_what}" if listed(of_what) else "")
    if found := _spelled(words):
        return found
    if unit := _unit(words):
        return f"write {unit}"
    parts = _PER.fullmatch(words)
    return "write / for 'per', as in km/hour" if parts and not parts[2] else ""


def _spelled(words: str) -> str:
    short = words.removesuffix("s") if len(words) == 3 else words  # lbs, hrs
    return (
        _MEANT.get(words)
        or _MEANT.get(short)
        or next((_FOLDED[form] for form in _forms(words) if form in _FOLDED), "")
    )


def _unit(words: str) -> str:
    """The one unit that some words stand for, as authors write it here, or an empty text."""
    if listed(words):
        return words
    if found := _spelled(words):
        unit = found.removeprefix("write ")
        return "" if " " in unit else unit
    for form in _forms(words):
        name = re.sub(r"[\s-]+", "_", form)
        if parts := _IN_FULL.fullmatch(name):
            name = _PREFIXES.get(parts[1], "") + _BASES[parts[2]]
        if listed(name):
            return name
    if parts := _PER.fullmatch(words):
        units = [_A_DEGREE.get(part) or _unit(part) for part in (parts[1], parts[3])]
        return "/".join(units) if all(units) else ""
    if parts := _POWER.fullmatch(words):
        base = _unit(parts[2] or parts[3])
        named = listed(base)
        if named and named.dimension in ((("length", 1),), (("time", 1),)):
            return f"{base}**{2 if parts[1] or parts[4] else 3}"
    return ""


def _forms(words: str) -> Iterator[str]:
    """Words in small letters and, where they may be in the plural, in the singular."""
    folded = words.casefold().rstrip(".")
    yield folded
    for ending, singular in (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", "")):
        if folded.endswith(ending) and len(folded) > len(ending) + 2:
            yield folded.removesuffix(ending) + singular


def slip_of(word: str, names: Iterable[str]) -> str | None:
    """The name that a word is a slip of: its plural, other capitals, or one letter more, less, other or exchanged.

    Names that are short or symbols resemble each other too much: MW and mW, kWh and MWh.
    """
    return next((name for name in names if _plainly(word, name)), None)


def _plainly(word: str, name: str) -> bool:
    folded, known = word.casefold(), name.casefold()
    if folded == known:  # m and M are a milliard apart, b and B eight times
        return not ({word[0], name[0]} == {"m", "M"} or (name[0] == "M" and word.islower()) or word[-1] == "b")
    if folded[0] != known[0] or not re.fullmatch("[A-Z]?[a-z_]+", name):
        return False
    if folded in (known + "s", known + "es", known + "n", known + "en"):
        return len(known) > 2
    from rapidfuzz.distance import OSA  # which only a unit that nobody knows costs

    return len(known) > 4 and len(folded) > 3 and OSA.distance(folded, known, score_cutoff=1) <= 1
