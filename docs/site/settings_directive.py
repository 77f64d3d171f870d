"""``.. autograder-settings::``, the engine's settings with their defaults, from the class that reads them."""

from docutils import nodes
from docutils.parsers.rst import Directive

from autograder.settings import Autograder


class AutograderSettings(Directive):
    """A definition list: name and default, then what the setting's ``help`` says."""

    def run(self) -> list[nodes.Node]:
        items = nodes.definition_list()
        for name, trait in sorted(Autograder.class_own_traits(config=True).items()):
            term = nodes.term("", "", nodes.literal("", name), nodes.Text(f" = {trait.default_value_repr()}"))
            words = nodes.definition("", nodes.paragraph("", trait.help))
            items += nodes.definition_list_item("", term, words)
        return [items]


def setup(app: object) -> dict[str, bool]:
    app.add_directive("autograder-settings", AutograderSettings)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
