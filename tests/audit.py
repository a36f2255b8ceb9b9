"""Which packages of the lock files have known vulnerabilities; where nobody can be asked, it says so and passes.

.venv/bin/python -m tests.audit
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent.parent / "requirements-dev.lock"  # holds what builds a site and what tests it

# Advisories that do not touch us, each with its reason.
ACCEPTED: Mapping[str, str] = {}


def main() -> int:
    """Prints what is known; 1 if something is that nobody accepted."""
    options = "--require-hashes --disable-pip --format json --progress-spinner off --timeout 10"
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *options.split(), "-r", LOCK],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        reason = done.stderr.strip().rpartition("\n")[2] or "pip-audit said nothing"
        print(f"audit skipped: {reason}")
        return 0
    lines, bad = judged(report, ACCEPTED)
    print("\n".join(lines))
    return int(bad)


def judged(report: Mapping[str, Any], accepted: Mapping[str, str]) -> tuple[list[str], bool]:
    """What pip-audit's report comes to, in lines, and whether there is a vulnerability that nobody accepted."""
    packages = report["dependencies"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        return [f"audit skipped: no data on any of the {len(packages)} packages can be had here"], False
    lines, bad = [], False
    for package in packages:
        for found in package.get("vulns", ()):
            names = {found["id"], *found.get("aliases", ())}
            reason = next((accepted[name] for name in sorted(names & set(accepted))), "")
            bad = bad or not reason
            mended = ", ".join(found.get("fix_versions", ())) or "no version yet"
            verdict = f"accepted: {reason}" if reason else f"mended in {mended}"
            lines.append(f"{package['name']} {package['version']}: {found['id']} ({verdict})")
    lines.append(f"audit: {len(packages) - len(unknown)} packages asked about, {len(lines)} known vulnerabilities")
    if unknown:
        lines.append(f"audit skipped for {len(unknown)}: {', '.join(unknown)}")
    return lines, bad


if __name__ == "__main__":
    sys.exit(main())
