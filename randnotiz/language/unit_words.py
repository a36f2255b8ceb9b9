"""The signs of units and other spellings of their names; the words for them stand in the rules of each language."""

from collections.abc import Mapping

# For one and for any other number; then those for few (2 to 4 in Polish) and for decimals, where there are such.
Forms = tuple[str, ...]

# Names that are printed otherwise than they are written; any other name without words is printed as it is.
SYMBOLS: Mapping[str, str] = {
    "celsius": "°C",
    "degC": "°C",
    "degree_Celsius": "°C",
    "degF": "°F",
    "delta_degC": "°C",
    "delta_degF": "°F",
    "kilotonne_TNT": "kt TNT",
    "megatonne_TNT": "Mt TNT",
    "microsievert": "µSv",
    "micrometre": "µm",
    "microgram": "µg",
    "flop": "FLOP",
    "ohm": "Ω",
    "permille": "‰",
    "um": "µm",
}
# In a quotient of symbols these stand as symbols as well: km/h, FLOP/s.
IN_QUOTIENTS: Mapping[str, str] = {"hour": "h", "second": "s"}

# Other names of the same units.
SPELLINGS: Mapping[str, str] = {
    "metre": "meter",
    "kilometre": "kilometer",
    "centimetre": "centimeter",
    "millimetre": "millimeter",
    "litre": "liter",
    "millilitre": "milliliter",
    "centilitre": "centiliter",
    "hectolitre": "hectoliter",
    "metric_ton": "tonne",
    "percent": "%",
}
LENGTHS = frozenset(("millimeter", "centimeter", "meter", "kilometer", "inch", "foot", "yard", "mile"))
