"""What answers the questions of the picker in its tests."""

from typing import Any

from collapse_tui.tui.runs.examiner import Question


class FakeExaminer:
    """Answers at once, in the thread that asks."""

    def __init__(self, launcher: Any, on_answer, on_lacking) -> None:
        self.launcher = launcher
        self.on_answer = on_answer
        self.on_lacking = on_lacking
        self.asked: list[Question] = []
        self.closed = False

    def ask(self, question: Question) -> None:
        """Answer it, and say what lacks data."""
        self.asked.append(question)
        self.on_answer(question, self.launcher.examine(question))
        self.on_lacking(self.launcher.lacking)

    def close(self) -> None:
        """Remember it."""
        self.closed = True
