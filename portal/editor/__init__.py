"""What the text editor is fed with: the language, completed and explained, and problems with their fixes."""

from __future__ import annotations

from portal.editor.completions import PHRASES, completions
from portal.editor.fixes import Fix, fixes
from portal.editor.problems import found_in, problems, without_after_effects

__all__ = ["PHRASES", "Fix", "completions", "fixes", "found_in", "problems", "without_after_effects"]
