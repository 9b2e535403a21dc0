"""Records what kubectl makes of each case in kubectl_cases.py: `python tests/record_kubectl_reading.py`.

`kubectl create --dry-run=client` asks a server which kinds there are, even with --validate=false, so an empty
merge patch with --local is used: it reads the file as every command does and prints what it has read.
The kubectl on the PATH is asked, and its version kept in the table. Of these cases 1.32 reads differently from
1.35 only files that begin as JSON and do not go on as JSON, which it refuses.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from kubectl_cases import cases, text_of

DATA = Path(__file__).parent / "data" / "kubectl-reading.json"
READ = ("kubectl", "patch", "--local", "--type=merge", "-p", "{}", "-o", "json", "-f", "-")


def read(text: bytes) -> dict[str, Any]:
    """What kubectl prints for a text: its objects, and what it said if it refused any of it."""
    done = subprocess.run(READ, input=text, capture_output=True, timeout=60, check=False)
    objects: list[Any] = []
    printed, decoder = done.stdout.decode(errors="replace").strip(), json.JSONDecoder()
    while printed:
        try:
            found, end = decoder.raw_decode(printed)
        except RecursionError:
            found, end = "kubectl read it; too deep to be recorded", len(printed)
        objects.append(found)
        printed = printed[end:].strip()
    refused = done.stderr.decode(errors="replace").strip()[:160] if done.returncode else ""
    return {"objects": objects, "refused": refused}


def version() -> str:
    done = subprocess.run(("kubectl", "version", "--client", "-o", "json"), capture_output=True, check=True)
    return str(json.loads(done.stdout)["clientVersion"]["gitVersion"])


def main() -> None:
    known = json.loads(DATA.read_text()) if DATA.exists() else {}
    table: dict[str, Any] = {
        "kubectl": version(),
        "read_by": " ".join(READ),
        "differences": known.get("differences", {}),
        "scalars": {},
        "keys": {},
        "documents": {},
    }
    for group, case in cases():
        told = read(text_of(group, case))
        value: Any = told
        if group != "documents" and not told["refused"]:
            value = {"value": told["objects"][0].get("v")}
        table[group][case] = value
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(json.dumps(table, indent=1, ensure_ascii=True) + "\n")
    print(f"{DATA.name}: {len(cases())} cases read by kubectl {table['kubectl']}")


if __name__ == "__main__":
    main()
