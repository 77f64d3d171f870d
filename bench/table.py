"""``python -m bench.table``: put the figures of build/bench.json into bench/README.md, between its two markers."""

import json
import re
from pathlib import Path

from tests.course import ROOT

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"


def table(found: dict) -> str:
    """The figures of one run as Markdown, under a line that says when and on what they were measured."""
    machine, versions = found["machine"], ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    how = " with --quick" if found["quick"] else ""
    lines = [
        f"Measured on {found['date'][:10]}{how}, in {found['minutes']:.0f} minutes: "
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']:.0f} GiB, {machine['system']}, "
        f"Python {machine['python']}, {versions}.",
        "",
        "| figure | measured | wanted | holds | note |",
        "|---|---|---|---|---|",
    ]
    for figure in found["figures"]:
        value = f"{figure['value']:.3g} {figure['unit']}"
        holds = "yes" if figure["holds"] else "**no**"
        lines.append(f"| `{figure['name']}` | {value} | {figure['wanted']} | {holds} | {figure['note']} |")
    lines += [f"| {name} | not measured | | | see build/bench.json |" for name in found["not_measured"]]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Rewrite the table in bench/README.md."""
    found = json.loads((ROOT / "build" / "bench.json").read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    new = re.sub(f"(?<={re.escape(BEGIN)}).*?(?={re.escape(END)})", lambda _: table(found), text, flags=re.S)
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
