"""What the Tab key offers: the names that only the program knows, and the scripts that ask it for them."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_UPGRADECHECK_COMPLETE"
# What kubectl understands on the last line of a completion: files as the shell does, nothing else, folders alone.
_FILES, _NONE, _FOLDERS = 0, 4, 16


def script(command: click.Command, shell: str) -> str:
    """The completion script of a shell, as click writes it."""
    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"no completion for {shell}; known are {', '.join(SHELLS)}")
    return made(command, {}, "upgradecheck", VARIABLE).source()


def for_kubectl(command: click.Command, words: list[str]) -> str:
    """The answer to `kubectl_complete-upgradecheck WORDS… INCOMPLETE`: a line for each word, then what else to offer.

    What stands after `--` is another program's command line, of which only files can be offered.
    """
    *before, incomplete = words or [""]
    if "--" in before:
        return f":{_FILES}\n"
    items = ShellComplete(command, {}, "upgradecheck", VARIABLE).get_completions(before, incomplete)
    kinds = {item.type for item in items}
    lines = [f"{item.value}\t{item.help}" if item.help else str(item.value) for item in items if item.type == "plain"]
    directive = _FILES if "file" in kinds else _FOLDERS if "dir" in kinds else _NONE
    return "".join(f"{line}\n" for line in [*lines, f":{directive}"])


def rule_names(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rule ids, and packs with their slash as long as no pack is chosen; from the names of files alone."""
    from .packs import load_components, rule_ids

    done, comma, last = incomplete.rpartition(",")
    packs = load_components(context.params.get("rules") or context.params.get("folders") or ())
    names = [rule for pack in packs for rule in rule_ids(pack)]
    offered = names if "/" in last else [f"{pack.name}/" for pack in packs]
    return [CompletionItem(f"{done}{comma}{name}") for name in offered if name.startswith(last)]


def rule_ids_alone(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of all rules."""
    from .packs import load_components, rule_ids

    every = (rule for pack in load_components(context.params.get("folders") or ()) for rule in rule_ids(pack))
    return [CompletionItem(rule) for rule in every if rule.startswith(incomplete)]


def components(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`COMPONENT=` of the components that rules know."""
    from .packs import load_components

    known = (f"{pack.name}=" for pack in load_components() if not pack.component.always)
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


def formats(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Output formats, each with what it is for."""
    from .report import FORMATS

    return [CompletionItem(name, help=made.says) for name, made in FORMATS.items() if name.startswith(incomplete)]
