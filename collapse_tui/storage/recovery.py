"""What comes before a stored run is written again: it is verified, and told what it lost."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from uuid import uuid4

from collapse_tui.storage.appender import NOTHING, Appender
from collapse_tui.storage.checksums import (
    ChecksumTable,
    create_table,
    read_blocks,
    read_identity,
)
from collapse_tui.storage.errors import LostChecksumsError
from collapse_tui.storage.file_names import (
    EXPERIMENT,
    PROVENANCE,
    RECORDS,
    VIEW_ARRAYS,
    VIEW_INDEX,
    VIEWS,
)
from collapse_tui.storage.files import dump_json
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.verification import (
    RUN_KEY,
    TableDamage,
    require_file,
    require_identity,
    require_whole_tables,
)

_ADOPTED = (
    "the records 0 to {} were stored without checksums{}: they are taken as they are, and have"
    " checksums from now on"
)
_DROPPED = "{}: no number needs it, what it holds from there on is dropped"


def recover(directory: RunDirectory, from_generation: int | None) -> tuple[str, ...]:
    """Verify a run that is locked, and drop what no number needs where it is damaged.

    Parameters
    ----------
    directory : RunDirectory
    from_generation : int or None
        The records after this one need not be whole, nor does the table of checksums.

    Returns
    -------
    tuple of str
        What the user should know of it, each in one sentence.
    """
    require_file(directory, RECORDS)
    document = directory.read_json(PROVENANCE)
    named = str(document.get(RUN_KEY, ""))
    try:
        # a kill during the adoption leaves a table without blocks, which provenance.json lacks
        is_old = not named and next(read_blocks(directory), None) is None
        is_lost = from_generation is not None and not read_identity(directory).run
    except LostChecksumsError:
        if from_generation is None:
            raise
        is_old, is_lost = False, True
    if is_old or is_lost:
        return _adopt(directory, {**document, RUN_KEY: named or uuid4().hex}, is_old=is_old)
    require_identity(directory)
    damages = require_whole_tables(directory, from_generation)
    _drop_damaged(directory, damages)
    return tuple(_DROPPED.format(damage.fault(directory)) for damage in damages)


def _adopt(
    directory: RunDirectory, document: Mapping[str, object], *, is_old: bool
) -> tuple[str, ...]:
    """Give a run a table of checksums; return a note on what it had until now."""
    last = len(LineFile(directory, RECORDS)) - 1
    facts = dump_json(document)
    experiment = directory.read(EXPERIMENT)
    create_table(directory, str(document[RUN_KEY]), experiment, facts, adopted=last)
    directory.replace(PROVENANCE, facts, durable=True)
    why = ", by an earlier version" if is_old else ", or lost them"
    return (_ADOPTED.format(last, why),) if last >= 0 else ()


def _drop_damaged(directory: RunDirectory, damages: Sequence[TableDamage]) -> None:
    """Cut tables that no number comes from before their damage; forget the checksums from there."""
    if not damages:
        return
    first, tables = min(damage.before for damage in damages), {damage.name for damage in damages}
    if tables & {VIEW_INDEX, VIEW_ARRAYS}:
        tables |= {VIEW_INDEX, VIEW_ARRAYS}  # neither is of use alone
        directory.make_folder(VIEWS)
    whole = [block for block in read_blocks(directory) if block.last <= first]
    for name in tables:
        end = whole[-1].files.get(name, NOTHING).end if whole else 0
        with closing(Appender(directory, name)) as file:
            file.cut(end)
    # after the files: a kill in between leaves them short, which the next opening finds
    with closing(ChecksumTable(directory)) as table:
        table.rewind(first)
