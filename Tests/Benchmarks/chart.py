"""Draws the chart of the benchmarks: chart.py DIRECTORY <PANELS, in JSON.

Each panel has a title and bars, each of which has a name, a value, the text of the value, the group
of programs that are built alike, and a role.
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
# The same input gives the same file. Text stays text, in the font of the page.
matplotlib.rcParams.update({
    "svg.hashsalt": "swinit", "svg.fonttype": "none", "font.family": "sans-serif",
    "font.sans-serif": ["system-ui", "DejaVu Sans"], "font.size": 9,
})
from matplotlib import pyplot  # noqa: E402

# For a light page and for a dark one.
THEMES = {
    "light": {"text": "#1f2328", "faint": "#59636e", "bar": "#d1d9e0", "own": "#e8512a"},
    "dark": {"text": "#f0f6fc", "faint": "#9198a1", "bar": "#3d444d", "own": "#f0643c"},
}
GAP = 0.6  # between two groups, in bars


def draw(panel, axes, theme):
    place = 0
    group = None
    for bar in panel["bars"]:
        if bar["group"] != group:
            place += 0 if group is None else GAP
            axes.text(0, place, bar["group"], color=theme["faint"], va="center", fontsize=8)
            group = bar["group"]
            place += 1
        own = bar["role"] == "swinit"
        color = theme["text"] if own else theme["faint"]
        weight = "bold" if own else "normal"
        # An outline alone is the least that such an init takes.
        floor = bar["role"] == "floor"
        axes.barh(
            place, bar["value"], height=0.6, edgecolor=theme["faint" if floor else "bar"],
            color="none" if floor else theme["own" if own else "bar"], linewidth=1 if floor else 0)
        axes.annotate(
            bar["name"], (0, place), (-4, 0), textcoords="offset points", ha="right", va="center",
            color=color, fontweight=weight)
        axes.annotate(
            bar["text"], (bar["value"], place), (4, 0), textcoords="offset points", va="center",
            color=color, fontweight=weight)
        place += 1
    axes.set_title(panel["title"], loc="left", color=theme["text"], fontweight="bold", fontsize=10)
    axes.set_ylim(place, -0.8)
    axes.margins(x=0.5)
    axes.axis("off")


panels = json.load(sys.stdin)
for name, theme in THEMES.items():
    figure, all_axes = pyplot.subplots(1, len(panels), figsize=(11, 3.4))
    for panel, axes in zip(panels, all_axes):
        draw(panel, axes, theme)
    figure.tight_layout(w_pad=4)
    title = ". ".join(
        panel["title"] + ": " + ", ".join(f"{bar['name']} {bar['text']}" for bar in panel["bars"])
        for panel in panels)
    figure.savefig(
        pathlib.Path(sys.argv[1]) / f"benchmark-{name}.svg", transparent=True,
        metadata={"Title": title, "Date": None, "Creator": None})
    pyplot.close(figure)
