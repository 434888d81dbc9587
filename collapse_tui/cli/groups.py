"""What is wrong with a command line, in one sentence; and `--runs` anywhere on it."""

from typing import Any

from typer import TyperException
from typer.core import TyperGroup

RUNS = "--runs"


class Commands(TyperGroup):
    """The root: names the nearest command, and takes the global option after a command too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, with ``--runs DIR`` brought to the front from wherever it stands."""
        return super().parse_args(ctx, hoisted(args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` begin with."""
        return _resolved(self, ctx, args, super().resolve_command)


class Subcommands(TyperGroup):
    """A group below the root: names the nearest command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` begin with."""
        return _resolved(self, ctx, args, super().resolve_command)


def _resolved(group: TyperGroup, ctx: Any, args: list[str], resolve: Any) -> Any:
    if args and not args[0].startswith("-") and args[0] not in group.commands:
        from engines.errors import nearest  # only to complain

        known = nearest(args[0], group.commands)
        ctx.fail(f"there is no command {f'{ctx.info_name} {args[0]}'!r}: {known}")
    return resolve(ctx, args)


def hoisted(arguments: list[str]) -> list[str]:
    """Return the arguments with ``--runs DIR`` first.

    Parameters
    ----------
    arguments : list of str

    Returns
    -------
    list of str
        What follows ``--`` is left alone.
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument == RUNS:
            front += [argument, *(value for value in [next(waiting, None)] if value is not None)]
        elif argument.startswith(f"{RUNS}="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def sentence(error: TyperException) -> str:
    """Return what a usage error says, with the nearest option where one is unknown."""
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        from engines.errors import nearest  # only to complain

        context: Any = getattr(error, "ctx", None)
        known = [name for item in context.command.params for name in item.opts] if context else []
        known = [name for name in known if name.startswith("--")]
        return f"there is no option {option} here: {nearest(option, [*known, '--help'])}"
    text = error.format_message().strip().removesuffix(".")
    return text[:1].lower() + text[1:] if text else "this command line makes no sense"
