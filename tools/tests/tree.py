"""A small tree of files of its own for one test, with tools/ on the import path."""
import pathlib
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOOLS))


class Tree:
    """with Tree({"src/a.cpp": "text"}) as root"""

    def __init__(self, files):
        self.files = files

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="kinora-tree-")
        root = pathlib.Path(self.folder.name)
        for name, text in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return root

    def __exit__(self, *_):
        self.folder.cleanup()
