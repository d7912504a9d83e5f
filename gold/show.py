"""The page of a gold scene, to proof-read it: who speaks each line, whom each name means.

python -m gold.show SCENE -o OUT.html [--scenes gold/scenes]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from gold import scenes
from personae.writers import write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", help="its file name, without the ending")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the page to write")
    parser.add_argument("--scenes", type=Path, default=Path("gold/scenes"))
    options = parser.parse_args()
    print(write(scenes.load(options.scenes, options.scene), options.out, format="html"))


if __name__ == "__main__":
    main()
