"""How Sphinx makes the documentation site; ``make docs`` runs it with warnings as errors."""

import sys
from pathlib import Path

import f2pypy

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "f2pypy"
author = "The f2pypy developers"
copyright = "2026, The f2pypy developers"  # noqa: A001 - Sphinx's name
version = release = f2pypy.__version__

extensions = ["myst_parser", "numpydoc", "option_list", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
# signature files hold C, which Pygments takes for bad Fortran
suppress_warnings = ["misc.highlighting_failure"]
myst_heading_anchors = 4
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False
python_maximum_signature_line_length = 80

html_theme = "pydata_sphinx_theme"
html_title = "f2pypy"
html_favicon = "img/icon.svg"
html_static_path = ["_static"]
html_css_files = ["f2pypy.css"]
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # the theme complains in the browser without
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": True}
