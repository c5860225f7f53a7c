"""The table that is printed, a line at a time, as the figures come in."""

from dataclasses import dataclass

WIDTHS = (46, 18, 44, 16, 8)


@dataclass(frozen=True)
class Line:
    """One figure and its yardstick, in the same unit."""

    what: str
    ours: float
    yardstick: str
    theirs: float
    unit: str
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs if self.theirs else float("nan")


def head() -> None:
    _row("what", "ours", "yardstick", "theirs", "ratio", "")
    print("-" * 150, flush=True)


def show(line: Line) -> None:
    ours, theirs = (f"{_figure(figure)} {line.unit}" for figure in (line.ours, line.theirs))
    _row(line.what, ours, line.yardstick, theirs, _figure(line.ratio), line.note)


def remark(text: str) -> None:
    print(f"  ({text})", flush=True)


def _row(what: str, ours: str, yardstick: str, theirs: str, ratio: str, note: str) -> None:
    cells = zip((what, ours, yardstick, theirs, ratio), WIDTHS, "<><>>", strict=True)
    print("  ".join([*(f"{text:{side}{width}}" for text, width, side in cells), note]).rstrip(), flush=True)


def _figure(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}"
