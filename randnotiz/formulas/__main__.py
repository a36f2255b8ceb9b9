"""Writes what pint makes of units.txt to units.json."""

from randnotiz.formulas.unit_list import DEFINITIONS, WORKED_OUT, work_out, written

WORKED_OUT.write_text(written(work_out(DEFINITIONS.read_bytes())), encoding="utf-8")
