"""How Sphinx makes the documentation site; ``make docs`` runs it with warnings as errors."""

import f2pypy

project = "f2pypy"
author = "The f2pypy developers"
copyright = "2026, The f2pypy developers"  # noqa: A001 - Sphinx's name
version = release = f2pypy.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
myst_heading_anchors = 4
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = "f2pypy"
html_show_sourcelink = False
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": True}
