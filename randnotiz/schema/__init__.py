"""Types of fields and records of them: the one description of what an author may write, and what reads it."""

from randnotiz.schema.json_schema import json_schema
from randnotiz.schema.records import Extra, Field, Misplaced, Record, fields_of, read, record, texts
