"""Groups of commands: the nearest name for an unknown one, and `--runs` anywhere on the line."""

from typing import Any

from typer import TyperException
from typer.core import TyperGroup

RUNS = "--runs"


class Subcommands(TyperGroup):
    """A group that names the nearest command when one is unknown."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` begin with."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            from engines.errors import nearest  # only to complain

            known = nearest(args[0], self.commands)
            ctx.fail(f"unknown command {f'{ctx.info_name} {args[0]}'!r}: {known}")
        return super().resolve_command(ctx, args)


class Commands(Subcommands):
    """The root: takes the global option ``--runs DIR`` after a command too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse `args` with ``--runs DIR`` moved to the front."""
        return super().parse_args(ctx, _move_runs_first(args))


def _move_runs_first(arguments: list[str]) -> list[str]:
    """Return the arguments with ``--runs DIR`` first; what follows ``--`` is left alone."""
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument == RUNS:
            front += [argument, *(value for value in [next(remaining, None)] if value is not None)]
        elif argument.startswith(f"{RUNS}="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def usage_message(error: TyperException) -> str:
    """Return the message of a usage error, with the nearest option where one is unknown."""
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        from engines.errors import nearest  # only to complain

        context: Any = getattr(error, "ctx", None)
        known = [name for item in context.command.params for name in item.opts] if context else []
        known = [name for name in known if name.startswith("--")]
        return f"unknown option {option}: {nearest(option, [*known, '--help'])}"
    # a library begins what it says of a choice with the name of its exception
    text = error.format_message().strip().removesuffix(".").replace(": Value error, ", ": ")
    return text[:1].lower() + text[1:] if text else "the command line is not valid, see --help"
