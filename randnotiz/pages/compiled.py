"""How templates are compiled, and kept between builds: compiling takes longer than filling them for one article."""

import contextlib
import os
from hashlib import blake2b
from pathlib import Path

from jinja2 import BytecodeCache, __version__
from jinja2.bccache import Bucket

WIDTH = 16  # bytes of a checksum


class Compiled(BytecodeCache):
    """Jinja's cache with a checksum, because what is only half there or has a wrong bit must never be run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept for a template, if it is whole."""
        with contextlib.suppress(OSError):
            kept = (self.folder / bucket.key).read_bytes()
            if kept[:WIDTH] == _checksum(bucket, kept[WIDTH:]):
                bucket.bytecode_from_string(kept[WIDTH:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template, whole or not at all; a folder that cannot be written is only slower."""
        code = bucket.bytecode_to_string()
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            whole = self.folder / f"{bucket.key}.{os.getpid()}"
            whole.write_bytes(_checksum(bucket, code) + code)
            whole.replace(self.folder / bucket.key)


def _checksum(bucket: Bucket, code: bytes) -> bytes:
    """Of the compiled template, its source, and what else it was compiled by."""
    environment = bucket.environment
    by = (__version__, environment.trim_blocks, environment.lstrip_blocks, environment.autoescape)
    return blake2b(f"{bucket.checksum} {by}".encode() + code, digest_size=WIDTH).digest()
