"""`resume`: continuing a run where it stopped."""

from typing import TYPE_CHECKING, Annotated

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.open_screen import open_on, require_terminal
from collapse_tui.cli.output import confirm
from collapse_tui.shell_word import to_shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collapse_tui.control import Control
    from collapse_tui.events import Event
    from collapse_tui.storage.saved import SavedRun


def resume(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    run: opt.Run,
    *,
    generations: Annotated[
        str | None,
        typer.Option(metavar="N", help="The new last generation."),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="G", help="First discard the records after generation G."),
    ] = None,
    stop: opt.Stop = None,
    device: opt.StoredDevice = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    screen: Annotated[
        bool, typer.Option("--screen", help="Go on in the screen, where the run is drawn.")
    ] = False,
    marker: opt.Marker = None,
    theme: opt.Theme = None,
) -> int:
    """Continue a run where it stopped."""
    from collapse_tui.cli.follow import Follower
    from collapse_tui.cli.overrides import check_device, parse_integer
    from collapse_tui.cli.threads import limit_as_stored
    from collapse_tui.execution import runner
    from collapse_tui.storage.catalogue import open_run

    check_device(device)
    if screen:
        require_terminal("resume --screen", f"collapse-tui resume {to_shell_word(run)}")
    saved = open_run(run, context.obj)
    limit_as_stored(saved.provenance.get("threads"))
    last = parse_integer(generations, "--generations")
    start = parse_integer(from_, "--from")
    lost = _confirm_loss(saved, start)
    if screen:
        from collapse_tui.tui.first_screen import resume_screen

        first = resume_screen(saved.path, generations=last, start=start, stop=stop, device=device)
        return open_on(first, context.obj, {"marker": marker, "theme": theme})
    follower = Follower(saved.name, json=json, quiet=quiet)
    if lost:
        follower.inform(
            f"comparing what is recomputed with the records up to generation {start}, before those"
            " after it are discarded"
        )

    def begin(control: "Control") -> "Iterator[Event]":
        return runner.resume(
            saved.path, generations=last, from_generation=start, stop=stop, control=control,
            device=device,
        )  # fmt: skip

    code = follower.follow(begin)
    if code == 0 and follower.idle:
        follower.inform(
            f"{saved.name} was finished already, at generation {saved.last};"
            " --generations N continues it"
        )
    return code


def _confirm_loss(saved: "SavedRun", start: int | None) -> int:
    """Return how many records are discarded, which the user has agreed to."""
    lost = 0 if start is None else max(0, saved.count - 1 - start)
    if lost:
        records = f"{lost:,} records of {saved.name} after generation {start}"
        confirm(f"discard {records}?", f"{saved.name} is left as it is")
    return lost
