"""MkDocs hook: adds the generated pages to the written ones."""

from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from docs._reference import api, code, commands, control, seed

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

PAGES = {
    "reference/configuration.md": code.configuration,
    "reference/seed.md": seed.seed,
    "reference/fixtures.md": code.fixtures,
    "reference/page-objects.md": code.page_objects,
    "reference/deviations.md": code.deviations,
    "reference/command-line.md": commands.command_line,
    "reference/control-api.md": control.control_api,
    "reference/coverage.md": api.coverage,
    "reference/seed.schema.json": seed.seed_schema,
}


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    """Add the generated pages, and the schema that pages link to."""
    for path, generate in PAGES.items():
        files.append(File.generated(config, path, content=generate()))
    return files
