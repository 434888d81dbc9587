"""No command: the screen."""

from dataclasses import dataclass
from pathlib import Path

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.overrides import require_device, runs_below, whole
from collapse_tui.cli.terminal import is_screen
from collapse_tui.cli.threads import limit_threads


@dataclass(frozen=True, slots=True)
class Request:
    """What the options say."""

    preset: str | None
    assignments: tuple[str, ...]
    generations: str | None
    replicates: str | None
    seed: str | None
    device: str
    threads: str | None
    out: Path | None
    force: bool
    runs: str | None
    marker: str
    theme: str | None


def open_screen(request: Request) -> int:
    """Open the screen and return its exit code.

    Raises
    ------
    CommandError
        If there is no terminal.
    InvalidExperimentError
        If the preset is none.
    """
    from collapse_tui.experiment import document

    require_device(request.device)
    overrides = _overrides(request)
    if request.preset is not None:
        document.read(request.preset)
    elif overrides or request.out is not None:
        message = "--set, --generations, --replicates, --seed and --out need --preset"
        raise CommandError(message)
    if not is_screen():
        message = (
            "the screen needs a terminal for standard input and output; without one use"
            f" `collapse-tui batch --preset {request.preset or 'NAME'}`"
        )
        raise CommandError(message)
    return _opened(request, overrides)


def _opened(request: Request, overrides: dict[str, str]) -> int:
    limit_threads(whole(request.threads, "--threads", least=1))
    if request.force and request.out is not None:
        from collapse_tui.cli.commands.batch import make_room

        make_room(request.out)
    from collapse_tui.tui.app import main  # textual takes 0.3 s

    return main(
        request.preset, overrides, runs=runs_below(request.runs),
        out=request.out.expanduser().absolute() if request.out else None,
        marker=request.marker, theme=request.theme or "dark", device=request.device,
    )  # fmt: skip


def _overrides(request: Request) -> dict[str, str]:
    """Return dotted keys and their values as TOML, as the screen's form holds them."""
    from collapse_tui.experiment import document

    texts: dict[str, str] = {}
    for assignment in request.assignments:
        key, _ = document.parse_assignment(assignment)
        texts[key] = assignment.partition("=")[2].strip()
    for key in ("generations", "replicates", "seed"):
        value = getattr(request, key)
        if value is not None:
            texts[key] = value
    return texts
