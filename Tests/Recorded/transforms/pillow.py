#!/usr/bin/python3
"""Records what Pillow makes of small images, as the reference of ImageTensorLoader.

Run in this folder: ./pillow.py > pillow.json   (recorded with Pillow 9.4.0, numpy 1.24.2)

Every case: an image as PPM/PGM (base64), how it is resized, and the bytes that Pillow gives (base64, rows, interleaved).
`crop` rounds as torchvision's Resize and CenterCrop do, `pad` is Pillow's own ImageOps.pad. The sides are odd, so that no centre of a
target pixel falls between two source pixels, where `nearest` would depend on how Pillow accumulates rounding errors.
"""

import base64
import io
import json

import numpy as np
from PIL import Image, ImageOps

FILTERS = {"Nearest": Image.NEAREST, "Box": Image.BOX, "Bilinear": Image.BILINEAR, "Bicubic": Image.BICUBIC, "Lanczos3": Image.LANCZOS}


def noise(width, height, channels, seed):
    values = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    return Image.fromarray(values if channels == 3 else values[:, :, 0])


def edges(width, height):
    """Black and white bars, a ramp and a disc: what overshooting filters must be clamped at."""
    y, x = np.mgrid[0:height, 0:width]
    red = np.where((x // 5) % 2 == 0, 0, 255)
    green = (x * 255) // (width - 1)
    blue = np.where((x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2, 255, 0)
    return Image.fromarray(np.stack([red, green, blue], 2).astype(np.uint8))


def netpbm(image):
    file = io.BytesIO()
    image.save(file, "PPM")
    return base64.b64encode(file.getvalue()).decode()


def pixels(image):
    return base64.b64encode(image.tobytes()).decode()


def crop(image, side, width, height, name):
    w, h = image.size
    size = (side, int(side * h / w)) if w <= h else (int(side * w / h), side)
    resized = image.resize(size, FILTERS[name])
    left, top = int(round((size[0] - width) / 2.0)), int(round((size[1] - height) / 2.0))
    return resized.crop((left, top, left + width, top + height))


def main():
    images = {"noise": noise(41, 23, 3, 1), "edges": edges(61, 45), "grey": noise(31, 53, 1, 2), "thin": noise(7, 51, 3, 3)}
    cases = []

    def add(source, mode, name, result, **more):
        cases.append({"source": source, "resize": mode, "filter": name, "width": result.size[0], "height": result.size[1],
                      "grey": result.mode == "L", "pixels": pixels(result), **more})

    for source, image in images.items():
        for name, kind in FILTERS.items():
            for size in ((17, 11), (33, 31)):
                add(source, "Stretch", name, image.resize(size, kind))
            add(source, "CropShorterSide", name, crop(image, 20, 16, 13, name), shorterSide=20)
            add(source, "Pad", name, ImageOps.pad(image, (22, 19), method=kind))
    for name in ("Bilinear", "Bicubic"):
        add("edges", "Stretch", name, images["edges"].convert("L").resize((19, 14), FILTERS[name]))
    print(json.dumps({"images": {name: netpbm(image) for name, image in images.items()}, "cases": cases}, indent=0))


if __name__ == "__main__":
    main()
