"""What differs between the runs on a screen, and what changes in one of them, in words."""

from collections.abc import Mapping, Sequence

from collapse_tui.experiment.knobs import Knob, plain_words
from collapse_tui.presentation.shown_run import SettingChange, ShownRun
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.runs.setting_values import format_setting


def short_name(key: str, knobs: Sequence[Knob]) -> str:
    """Return a setting as one sign or a few words."""
    knob = next((each for each in knobs if each.key == key), None)
    return plain_words(key) if knob is None else knob.symbol or knob.short


def describe_changes(session: Session) -> tuple[SettingChange, ...]:
    """Return the interventions of a run, each from what to what."""
    values: dict[str, object] = {knob.key: knob.value for knob in _knobs(session)}
    changes: list[SettingChange] = []
    for change in session.snapshot.interventions:
        parts = [
            _from_to(short_name(key, _knobs(session)), values.get(key), new)
            for key, new in change.settings.items()
        ]
        values |= change.settings
        changes.append(SettingChange(change.at, ", ".join(parts)))
    return tuple(changes)


def _from_to(name: str, old: object, new: object) -> str:
    before = "" if old is None else f"{format_setting(old)} "
    return f"{name} {before}→ {format_setting(new)}"


def describe_differences(sessions: Sequence[Session]) -> list[str]:
    """Return for each run the settings that are not the same in all of them; empty for none."""
    settings = [_settings_now(session) for session in sessions]
    keys = dict.fromkeys(key for one in settings for key in one)
    shown = [key for key in keys if len({repr(one.get(key)) for one in settings if one}) > 1]
    knobs = [knob for session in sessions for knob in _knobs(session)]
    names = {key: short_name(key, knobs) for key in shown}
    return [
        ", ".join(f"{names[key]} {format_setting(one[key])}" for key in shown if key in one)
        for one in settings
    ]


def _settings_now(session: Session) -> Mapping[str, object]:
    """Return the settings of a run by key: those it was forked with until it is open."""
    if session.run is None:
        return session.fork.settings if session.fork else {}
    values = {knob.key: session.value_of(knob) for knob in _knobs(session)}
    not_there_yet = session.fork and session.snapshot.generation <= session.fork.at
    return {**values, **session.fork.settings} if session.fork and not_there_yet else values


def _knobs(session: Session) -> Sequence[Knob]:
    return session.run.knobs if session.run else ()


def shown_runs(sessions: Sequence[Session]) -> tuple[ShownRun, ...]:
    """Return the runs of a screen as they stand."""
    several = len(sessions) > 1
    differences = describe_differences(sessions) if several else [""]
    return tuple(
        ShownRun(
            one.letter, one.snapshot, one.forked_at, one.fork.letter if one.fork else "",
            difference, describe_changes(one),
        )
        for one, difference in zip(sessions, differences, strict=True)
    )  # fmt: skip
