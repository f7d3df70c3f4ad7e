"""Lets schemathesis try every route of the running demonstration, by the list that the portal gives of them.

Run it with the extra `attack`: `python bench/schemathesis_run.py [--database FILE] [--login NAME]`.
It looks for server errors; which statuses a route may answer with is our own matter.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from attacks.base import demonstration

LOGINS = ("front-office", "secretariat")


def main() -> int:
    """Runs schemathesis as two officers and returns how many server errors it caused."""
    parser = argparse.ArgumentParser(description="Lets schemathesis try the running demonstration.")
    parser.add_argument("--database", type=Path, help="a demonstration made before")
    parser.add_argument("--examples", default="20", help="how many requests for each route")
    parser.add_argument("--login", action="append", choices=LOGINS, help="as whom; otherwise as both")
    typed = parser.parse_args()
    wrong = 0
    with (
        tempfile.TemporaryDirectory(prefix="portal-schemathesis-") as folder,
        demonstration(Path(folder), typed.database, PORTAL_OPENAPI="1") as world,
    ):
        for login in typed.login or LOGINS:
            listed = Path(folder) / "openapi.json"
            listed.write_text(world.as_(login).get("/openapi.json").text, "utf-8")
            token = "; ".join(f"{each.name}={each.value}" for each in world.as_(login).cookies.jar)
            command = [
                str(Path(sys.executable).with_name("schemathesis")),
                "run",
                str(listed),
                f"--url={world.address}",
                "--checks=not_a_server_error",
                f"--max-examples={typed.examples}",
                "--phases=examples,coverage,fuzzing",
                "--exclude-path-regex=^/(keluar|kunci)$",  # they end what the rest needs: the session
                "--workers=1",
                "--seed=1",
                "--no-color",
                "--continue-on-failure",
                f"-HOrigin: {world.address}",
                f"-HCookie: {token}",
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
            log = world.log.read_text("utf-8", "replace")
            asked = re.findall(r" (\d{3})$", log, re.M)
            errors = [status for status in asked if status.startswith("5")]
            wrong += len(errors)
            kinds = ", ".join(f"{status}: {asked.count(status)}" for status in sorted(set(asked)))
            print(f"{login}: {len(asked)} requests, {len(errors)} server errors ({kinds})")
            if errors or done.returncode > 1:
                print(done.stdout[-3000:], done.stderr[-2000:])
            world.log.write_text("")
    return min(wrong, 250)


if __name__ == "__main__":
    sys.exit(main())
