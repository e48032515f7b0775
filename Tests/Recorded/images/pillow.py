#!/usr/bin/python3
"""Records which of the hostile JPEGs Pillow decodes to the last pixel: pillow.py FOLDER > pillow-decodes.txt

Recorded with Pillow 9.4.0 over libjpeg-turbo 2.1.5 (Debian 12), LOAD_TRUNCATED_IMAGES left False. FOLDER is jpeg-decoder's crashtest folder.
"""

import sys
from pathlib import Path

from PIL import Image

LARGEST = 268_435_456  # ImageDecodeSettings.MaximumPixels
Image.MAX_IMAGE_PIXELS = None

folder = Path(sys.argv[1])
for path in sorted(folder.rglob("*.jpg")):
    try:
        with Image.open(path) as image:
            if image.width * image.height <= LARGEST:
                image.load()
                print(path.relative_to(folder).as_posix())
    except (OSError, SyntaxError):
        pass
