"""Reads every symbol in pictures: one JSON object a line, with the picture, format and text."""

import json
import sys

import zxingcpp
from PIL import Image


def main(paths):
    for path in paths:
        # On white, as paper is: a picture may come with a transparent ground.
        with Image.open(path) as picture:
            flat = Image.new("RGB", picture.size, "white")
            flat.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
        for symbol in zxingcpp.read_barcodes(flat.convert("L")):
            text = symbol.bytes.decode("ascii")
            kind = str(symbol.format).removeprefix("BarcodeFormat.")
            print(json.dumps({"picture": path, "format": kind, "text": text}))


if __name__ == "__main__":
    main(sys.argv[1:])
